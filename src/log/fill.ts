import type { PlacedEvents } from '../codec/encode.js'
import type { TopicInfo } from '../core/event.js'
import { storeEvents } from './store-events.js'
import type { LogDatabase, LogStore, TopicRow, WriteTransaction } from './database.js'
import { LogState, type LogMemory } from './log-memory.js'

const STORES: readonly LogStore[] = ['head', 'topics', 'producers', 'segments', 'index']

/** Fills an empty log with events at the places they have already, in the order of their sequences. */
export async function fillLog(
  database: LogDatabase,
  parts: AsyncIterable<PlacedEvents>,
  topics: readonly Pick<TopicInfo, 'name' | 'next'>[],
  nextSequence: number,
): Promise<void> {
  const state = new LogState()
  const write = (body: (tx: WriteTransaction, memory: LogMemory) => Promise<void>): Promise<void> =>
    database.write(STORES, 'relaxed', async (tx) => body(tx, await state.writable(tx)))
  for await (const placed of parts) {
    await write(async (tx, memory) => {
      await openTopics(tx, memory, placed)
      storeEvents(tx, memory, placed, placed.sequence.at(-1)! + 1)
    })
  }
  await write(async (tx, memory) => {
    for (const { name, next } of topics) {
      const row = await memory.topic(tx, name)
      if (row.next >= next) continue
      tx.put('topics', name, { ...row, next, first: row.count === 0 ? next : row.first })
    }
    const { head } = memory
    const last = Math.max(head.nextSequence, nextSequence)
    tx.put('head', 'head', { ...head, nextSequence: last, revision: head.revision + 1 })
  })
}

// Each topic reaches from its first event to behind its last.
async function openTopics(tx: WriteTransaction, memory: LogMemory, { columns, position }: PlacedEvents): Promise<void> {
  const rows: TopicRow[] = []
  for (const name of columns.topics) rows.push({ ...(await memory.topic(tx, name)) })
  for (let row = 0; row < columns.count; row++) {
    const own = rows[columns.topic ? columns.topic[row]! : 0]!
    if (own.next === 0) own.first = position[row]!
    own.next = position[row]! + 1
  }
  for (const row of rows) memory.topics.set(row.name, row)
}
