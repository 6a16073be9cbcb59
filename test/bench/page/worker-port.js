/**
 * A worker of ours answers every message with one, in order: `{ ok: true, answer }`, or what went wrong.
 * @param {Worker} worker
 * @returns {(message: unknown, transfer?: Transferable[]) => Promise<unknown>}
 */
export function askWorker(worker) {
  /** @type {{ resolve: (answer: unknown) => void, reject: (error: Error) => void }[]} */
  const waiting = []
  worker.onmessage = ({ data }) => {
    const first = waiting.shift()
    if (data.ok) first?.resolve(data.answer)
    else first?.reject(new Error(data.trouble))
  }
  worker.onerror = ({ message }) => {
    for (const { reject } of waiting.splice(0)) reject(new Error(message || 'The worker could not be started.'))
  }
  return (message, transfer = []) =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject })
      worker.postMessage(message, transfer)
    })
}

/**
 * The worker's side: one message after the other.
 * @param {(message: Record<string, unknown>) => unknown} handle
 */
export function answerWith(handle) {
  /** @type {Promise<void>} */
  let last = Promise.resolve()
  addEventListener('message', ({ data }) => {
    last = last.then(async () => {
      try {
        postMessage({ ok: true, answer: await handle(data) })
      } catch (trouble) {
        postMessage({ ok: false, trouble: String(trouble) })
      }
    })
  })
}
