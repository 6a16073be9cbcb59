import { dropCheckpoints } from './checkpoints.js'
import { markDone, type Command } from './commands.js'
import type { TopicRow, WriteTransaction } from './database.js'
import type { LogMemory } from './log-memory.js'
import { dropUnseen, putChangedHead } from './seen.js'

/** Empties one topic, or all: positions and sequences go on rising. */
export async function clearTopics(
  tx: WriteTransaction,
  memory: LogMemory,
  topic: string | null,
  command: Command | null,
): Promise<void> {
  const all = await memory.allTopics(tx)
  let cleared = 0
  for (const row of topic === null ? all : all.filter(({ name }) => name === topic)) {
    cleared += row.count
    const empty: TopicRow = { ...row, first: row.next, count: 0, bytes: 0, since: null, until: null }
    memory.topics.set(row.name, empty)
    memory.ids.delete(row.name)
    tx.put('topics', row.name, empty)
  }
  memory.head = { ...memory.head, events: memory.head.events - cleared }
  await dropUnseen(tx, memory)
  await dropCheckpoints(tx, topic === null ? null : new Set([topic]), 0)
  if (command) markDone(tx, memory, command)
  putChangedHead(tx, memory, { removed: true })
}
