import { openSegment } from '../codec/decode.js'
import { eventsOf } from '../codec/events.js'
import type { StoredEvent } from '../core/event.js'
import { aborted } from '../core/fault.js'
import type { ReadPage, ReadRequest, SegmentSlice } from '../protocol/writer-api.js'

export type AskPage = (request: ReadRequest) => Promise<ReadPage>

/** The pages of a request, all of one committed prefix: what is committed after the first page is in none of them. */
export async function* pagesOf(ask: AskPage, request: ReadRequest, signal?: AbortSignal): AsyncGenerator<ReadPage> {
  let { sequences, limit } = request
  while (true) {
    if (signal?.aborted) throw aborted(signal)
    const page = await ask({ ...request, sequences, limit })
    if (signal?.aborted) throw aborted(signal)
    yield page
    limit -= page.slices.reduce((sum, slice) => sum + rowCount(slice), 0)
    if (page.next === null || limit <= 0) return
    const end = Math.min(sequences[1], page.head)
    sequences = request.direction === 'forward' ? [page.next, end] : [sequences[0], page.next]
  }
}

export async function readAll(ask: AskPage, request: ReadRequest, signal?: AbortSignal): Promise<StoredEvent[]> {
  const events: StoredEvent[] = []
  for await (const page of pagesOf(ask, request, signal)) {
    for (const event of eventsIn(page, request.direction)) events.push(event)
  }
  return events
}

/** One page of `pageSize` events at a time; the next is asked for when this one is used up. */
export async function* streamPages(
  ask: AskPage,
  request: ReadRequest,
  pageSize: number,
  signal?: AbortSignal,
): AsyncGenerator<StoredEvent[]> {
  let left = request.limit
  let { sequences } = request
  while (left > 0) {
    const limit = Math.min(pageSize, left)
    let head = sequences[1]
    const events: StoredEvent[] = []
    for await (const page of pagesOf(ask, { ...request, sequences, limit }, signal)) {
      events.push(...eventsIn(page, request.direction))
      head = Math.min(head, page.head)
    }
    if (events.length > 0) yield events
    if (events.length < limit) return
    left -= events.length
    const { sequence } = events.at(-1)!
    sequences = request.direction === 'forward' ? [sequence + 1, head] : [sequences[0], sequence]
  }
}

/** The events of a page, in the direction of the request. */
export function eventsIn(page: Pick<ReadPage, 'slices'>, direction: ReadRequest['direction']): StoredEvent[] {
  const events = page.slices.flatMap((slice) => {
    const own = eventsOf(openSegment(slice), slice.rows)
    return direction === 'forward' ? own : own.reverse()
  })
  return events
}

function rowCount({ rows, bytes }: SegmentSlice): number {
  return rows?.length ?? openSegment({ bytes }).columns.count
}
