import { faultOf } from '../core/fault.js'
import { countedIn } from './count-batch.js'
import { CounterBook } from './counter-book.js'
import type { Counting } from './counting.js'
import type { WriteTransaction } from './database.js'
import type { LogMemory } from './log-memory.js'
import { Plan } from './plan.js'
import { storeEvents, storeNoEvents } from './store-events.js'
import type { Appended, Submitted } from './submitted.js'

/**
 * Commits batches in the order given, inside one write transaction: the database is the sequencer. It decides what is
 * new, gives out positions and sequences, writes segments and index, and moves the head last. `onKnown` hears, before
 * anything is written, which batches are in the log already.
 */
export async function appendBatches(
  tx: WriteTransaction,
  memory: LogMemory,
  batches: readonly Submitted[],
  counting: Counting,
  onKnown: (known: ReadonlySet<Submitted>) => void = () => {},
): Promise<Appended> {
  await loadRows(tx, memory, batches)
  const book = await CounterBook.open(tx, memory, counting, (book) => countedIn(batches, book.countsEvents))
  const plan = new Plan(memory, book, batches)
  const outcomes: Appended['outcomes'] = []
  for (const batch of batches) {
    try {
      outcomes.push({ ok: true, value: plan.add(batch) })
    } catch (error) {
      outcomes.push({ ok: false, fault: faultOf(error) })
    }
  }
  if (plan.known.size > 0) onKnown(plan.known)
  const events = plan.placed()
  const { duplicates } = plan
  const { uncounted } = book
  const hasCounted = plan.hasCounted || uncounted.damaged.length > 0
  if (hasCounted) book.put(tx)
  if (events !== null) storeEvents(tx, memory, events, plan.nextSequence)
  else if (hasCounted) storeNoEvents(tx, memory, batches)
  else plan.withdrawGaps()
  return { outcomes, events: events?.columns.count ?? 0, duplicates, hasCounted, uncounted }
}

/** The topics in which the batches name ids: their `ids` must be in the memory. */
export function topicsWithIds(batches: readonly Pick<Submitted, 'columns'>[]): string[] {
  const topics = new Set<string>()
  for (const { columns } of batches) {
    columns.ids?.forEach((id, row) => {
      if (id !== null) topics.add(columns.topics[columns.topic ? columns.topic[row]! : 0]!)
    })
  }
  return [...topics]
}

// All at once: one round trip, however many topics and producers there are.
async function loadRows(tx: WriteTransaction, memory: LogMemory, batches: readonly Submitted[]): Promise<void> {
  const topics = new Set(batches.flatMap(({ columns, append }) => (append ? [append.topic] : columns.topics)))
  const producers = new Map(batches.map(({ columns, session }) => [columns.producers[0]!, session]))
  await Promise.all([
    ...Array.from(topics, (name) => memory.topic(tx, name)),
    ...Array.from(producers, ([id, session]) => memory.producer(tx, id, session)),
  ])
}
