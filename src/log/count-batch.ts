import type { EventColumns } from '../codec/columns.js'
import { countsIn, withoutCounts } from '../codec/counts.js'
import { countEvents } from '../fold/counter/count-events.js'
import { eventIds } from '../fold/counter/event-ids.js'
import type { Submitted } from './submitted.js'
import type { CounterBook } from './counter-book.js'

/** Counters under which the batches may count, or that their limits ask for. */
export function countedIn(batches: readonly Submitted[], countsEvents: boolean): string[] {
  const ids = new Set<string>()
  for (const { columns, limit } of batches) {
    const counts = countsIn(columns)
    for (const [id] of counts ?? []) ids.add(id)
    if (countsEvents) for (const id of eventIds(counts ? withoutCounts(columns) : columns).ids) ids.add(id)
    if (!limit || limit.do === 'commit') continue
    ids.add(limit.plan.id)
    for (const constraint of limit.plan.constraints) if ('id' in constraint) ids.add(constraint.id)
  }
  return [...ids]
}

/** Counts what a batch brings, and answers with what of it is an event. */
export function countBatch(book: CounterBook, columns: EventColumns): EventColumns {
  const counts = countsIn(columns)
  for (const [id, time, count] of counts ?? []) {
    const when = Math.min(time, book.now)
    book.count(id, book.momentOf(when), count, when, when)
  }
  const events = counts ? withoutCounts(columns) : columns
  if (book.countsEvents) countEvents(book, events, eventIds(events))
  return events
}
