// How a tab without a SharedWorker finds the worker of the elected tab. First over the channel that all of them share:
//
//   tab     { tabscribe: 'seek' }
//   worker  { tabscribe: 'here', worker }               also when it starts
//   leader  { tabscribe: 'starting' }                   while its worker does not answer yet
//   tab     { tabscribe: 'dial', worker, line }
//   worker  { tabscribe: 'open', line }                 listens on the line from now on
//   tab     { tabscribe: 'hang-up', line }
//
// then as with any port, over the line. The leader's own tab hands its worker ports instead.

export type LeaderMessage =
  | { tabscribe: 'seek' }
  | { tabscribe: 'here'; worker: string }
  | { tabscribe: 'starting' }
  | { tabscribe: 'dial'; worker: string; line: string }
  | { tabscribe: 'open'; line: string }
  | { tabscribe: 'hang-up'; line: string }

/** From the leader's tab to its worker: serve the tab on the port, or answer the other tabs. */
export type WorkerOrder = { tabscribe: 'serve'; port: MessagePort } | { tabscribe: 'lead' }

/** From the worker to the leader's tab. */
export type WorkerNotice = { tabscribe: 'leading' }

/** Null for anything that is not one of ours. */
export function asLeaderMessage(value: unknown): LeaderMessage | null {
  if (typeof value !== 'object' || value === null) return null
  const { tabscribe, worker, line } = value as Record<string, unknown>
  switch (tabscribe) {
    case 'seek':
    case 'starting':
      return { tabscribe }
    case 'here':
      return isId(worker) ? { tabscribe, worker } : null
    case 'dial':
      return isId(worker) && isId(line) ? { tabscribe, worker, line } : null
    case 'open':
    case 'hang-up':
      return isId(line) ? { tabscribe, line } : null
    default:
      return null
  }
}

/** Null for anything that is not one of ours. */
export function asWorkerOrder(value: unknown): WorkerOrder | null {
  if (typeof value !== 'object' || value === null) return null
  const { tabscribe, port } = value as Record<string, unknown>
  if (tabscribe === 'lead') return { tabscribe }
  return tabscribe === 'serve' && port instanceof MessagePort ? { tabscribe, port } : null
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 64
}
