import type { Row } from '../codec/column-builder.js'
import type { EventDraft, EventOf, Query, Receipt, StoredEvent } from '../core/event.js'
import { aborted, invalidArgument, storeError } from '../core/fault.js'
import type { AppendOptions, SubscribeOptions, Subscription, Topic } from '../core/store.js'
import { assertCount } from './check-query.js'
import { withSignal, type Handle } from './handle.js'
import { toRequest } from './query.js'
import { readAll, streamPages } from './reading.js'

const PAGE_EVENTS = 1_000

/** One topic through one handle. The name is checked already. */
export function createTopic<E>(handle: Handle, name: string): Topic<E> {
  const read = (query: Query = {}): Promise<StoredEvent[]> =>
    withSignal(query.signal, readAll(handle.ask, toRequest(query, name), query.signal))

  async function* stream(query: Query & { pageSize?: number } = {}): AsyncGenerator<StoredEvent> {
    const { pageSize = PAGE_EVENTS, signal } = query
    for await (const page of streamPages(handle.ask, toRequest(query, name), pageSize, signal)) yield* page
  }

  // Which types there are is known to the caller only: the proof of these casts is the cast at the end.
  const topic: Topic = {
    name,
    record(type, data?: unknown, options = {}) {
      handle.assertOpen()
      const weight = handle.sampleWeight(name, type)
      if (weight === null) return
      const row = handle.rowOf(name, { ...options, type, data }, weight)
      if (row !== null) handle.shared.outbox.record(row, handle.durability, handle.journaled)
    },
    append: (events, options = {}) => append(handle, name, events, options),
    read: (async (query?: Query) => read(query)) as Topic['read'],
    stream: stream as Topic['stream'],
    latest: async () => (await read({ direction: 'backward', limit: 1 }))[0] ?? null,
    async last(n) {
      assertCount('n', n)
      return (await read({ direction: 'backward', limit: n })).reverse()
    },
    async count(query = {}) {
      const request = toRequest(query, name)
      handle.assertOpen()
      handle.shared.outbox.seal()
      return withSignal(query.signal, handle.shared.connection.call('count', request))
    },
    subscribe: (handler, options = {}) => subscribe(handle, name, handler, options),
    async clear() {
      handle.assertOpen()
      await handle.shared.outbox.clear(name)
    },
  }
  return topic as unknown as Topic<E>
}

async function append(
  handle: Handle,
  topic: string,
  events: EventDraft | readonly EventDraft[],
  options: AppendOptions,
): Promise<Receipt> {
  handle.assertOpen()
  const { expect, signal, durability = handle.durability } = options
  if (expect !== undefined) assertCount('expect', expect)
  if (durability !== 'relaxed' && durability !== 'strict') {
    throw invalidArgument('durability', "'relaxed' or 'strict'", durability)
  }
  if (signal?.aborted) throw aborted(signal)
  const drafts = Array.isArray(events) ? (events as readonly EventDraft[]) : [events as EventDraft]
  const now = handle.now()
  const rows: Row[] = []
  for (const draft of drafts) {
    const row = handle.rowOf(topic, draft, 1, now)
    if (row === null) continue
    if (row.topic !== topic) {
      throw invalidArgument('beforeRecord', `to leave an appended event in topic '${topic}'`, row.topic)
    }
    rows.push(row)
  }
  const receipt = handle.shared.outbox.append(topic, rows, expect ?? null, durability)
  return signal ? untilAborted(signal, receipt) : receipt
}

// The commit may have begun: whether it is stored cannot be said any more.
function untilAborted(signal: AbortSignal, receipt: Promise<Receipt>): Promise<Receipt> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void =>
      reject(
        storeError(
          'outcome-unknown',
          'The append was aborted after it was sent: it may be stored. Give events an id to make a retry safe.',
          {},
          signal.reason,
        ),
      )
    signal.addEventListener('abort', onAbort, { once: true })
    receipt.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

function subscribe<E>(
  handle: Handle,
  topic: string,
  handler: (events: EventOf<E>[]) => void,
  { from = 'live', types, signal, onRemoved }: SubscribeOptions,
): Subscription {
  const first = startOf(from)
  const request = toRequest({ ...(types ? { types } : {}), ...(first === 'live' ? {} : { from: first }) }, topic)
  return handle.follow(
    { request, unit: 'position', from: first, onRemoved },
    handler as unknown as (events: StoredEvent[]) => void,
    signal,
  )
}

/** The place a subscription begins at, checked. */
export function startOf(from: SubscribeOptions['from'] & {}): number | 'live' {
  if (from === 'live') return from
  if (from === 'start') return 0
  assertCount('from', from)
  return from
}
