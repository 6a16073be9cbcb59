import { openSegment } from '../codec/decode.js'
import { eventsOf } from '../codec/events.js'
import { eventCount } from '../codec/segment.js'
import type { StoredEvent } from '../core/event.js'
import { aborted } from '../core/fault.js'
import type { ReadPage, ReadRequest, SegmentSlice } from '../protocol/writer-api.js'

export type AskPage = (request: ReadRequest) => Promise<ReadPage>

/**
 * The pages of a request, all of one committed prefix: what is committed after the first page is in none of them. When
 * it asks `ahead` the next page is on its way while one is looked at.
 */
export async function* pagesOf(
  ask: AskPage,
  request: ReadRequest,
  signal?: AbortSignal,
  ahead = false,
): AsyncGenerator<ReadPage> {
  let rest: ReadRequest | null = request
  let asked: Promise<ReadPage> | null = null
  while (rest !== null) {
    if (signal?.aborted) throw aborted(signal)
    const page: ReadPage = await (asked ?? ask(rest))
    if (signal?.aborted) throw aborted(signal)
    rest = restOf(rest, page)
    asked = ahead && rest !== null ? ask(rest) : null
    // Who stops early never hears of it.
    asked?.catch(() => {})
    yield page
  }
}

function restOf(request: ReadRequest, page: ReadPage): ReadRequest | null {
  const { sequences, direction } = request
  const limit = request.limit - page.slices.reduce((sum, slice) => sum + rowCount(slice), 0)
  if (page.next === null || limit <= 0) return null
  const end = Math.min(sequences[1], page.head)
  return { ...request, limit, sequences: direction === 'forward' ? [page.next, end] : [sequences[0], page.next] }
}

export async function readAll(ask: AskPage, request: ReadRequest, signal?: AbortSignal): Promise<StoredEvent[]> {
  const events: StoredEvent[] = []
  for await (const page of pagesOf(ask, request, signal, true)) {
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
    const own = eventsOf(openSegment(slice, 'checked'), slice.rows)
    return direction === 'forward' ? own : own.reverse()
  })
  return events
}

function rowCount({ rows, bytes }: SegmentSlice): number {
  return rows?.length ?? eventCount(bytes)
}
