import { aborted, invalidArgument } from '../core/fault.js'
import type { Timeline, TimelineOptions } from '../core/timeline.js'
import type { LanesRequest, PanelLanes } from '../protocol/panel-source.js'
import { assertLanesAndBuckets, type TimelineRequest } from '../protocol/timeline.js'
import { assertSignal } from './check.js'
import { withSignal, type Handle } from './handle.js'
import { toRequest } from './query.js'

export async function timelineOf(handle: Handle, options: TimelineOptions): Promise<Timeline> {
  const request = requestOf(options)
  const { signal } = options
  handle.assertOpen()
  if (signal?.aborted) throw aborted(signal)
  handle.shared.outbox.seal()
  return withSignal(signal, ask(handle, request, signal))
}

// Part by part, until the writer has looked at all that was there when it was first asked.
async function ask(handle: Handle, request: TimelineRequest, signal: AbortSignal | undefined): Promise<Timeline> {
  const { connection } = handle.shared
  const first = await connection.call('timeline', request)
  const { since, until, everyMs } = first
  const lanes = new Map(first.lanes.map(({ key, counts }) => [key, counts]))
  for (let from = first.next; from !== null;) {
    if (signal?.aborted) throw aborted(signal)
    handle.assertOpen()
    const sequences = [from, first.head] as const
    const part = await connection.call('timeline', { ...request, since, until, sequences })
    for (const { key, counts } of part.lanes) {
      const own = lanes.get(key)
      if (own) counts.forEach((count, at) => (own[at]! += count))
      else lanes.set(key, counts)
    }
    from = part.next
  }
  return { since, until, everyMs, lanes: filledLanes(lanes) }
}

/** At once, for a panel: what is not counted yet, as it will be about. */
export async function lanesOf({ shared }: Handle, request: LanesRequest): Promise<PanelLanes> {
  shared.outbox.seal()
  const whole = { where: [], everyMs: null, sequences: [0, Infinity], isPrompt: true } as const
  const { since, until, everyMs, lanes, counting } = await shared.connection.call('timeline', { ...request, ...whole })
  return { since, until, everyMs, lanes: filledLanes(lanes.map(({ key, counts }) => [key, counts])), counting }
}

function filledLanes(lanes: Iterable<[key: string, counts: Uint32Array]>): Timeline['lanes'] {
  return Array.from(lanes, ([key, counts]) => ({ key, counts, total: counts.reduce((sum, own) => sum + own, 0) }))
    .filter(({ total }) => total > 0)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
}

function requestOf(options: TimelineOptions): TimelineRequest {
  if (typeof options !== 'object' || options === null) throw invalidArgument('options', 'an object', options)
  const { since = -Infinity, until = Infinity, by = 'topic', topics, types, where, signal, buckets, everyMs } = options
  assertSignal(signal)
  const query = toRequest(
    { since, until, ...(topics && { topics }), ...(types && { types }), ...(where && { where }) },
    null,
  )
  const request: TimelineRequest = {
    by,
    topics: query.topics,
    types: query.types,
    where: query.where,
    since: since === -Infinity ? null : since,
    until: until === Infinity ? null : until,
    buckets: buckets ?? null,
    everyMs: everyMs ?? null,
    sequences: query.sequences,
    isPrompt: false,
  }
  assertLanesAndBuckets({ ...request })
  return request
}
