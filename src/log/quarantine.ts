import type { SegmentEntry, WriteTransaction } from './database.js'
import { dropCheckpoints } from './checkpoints.js'
import type { LogMemory } from './log-memory.js'
import { putChangedHead } from './seen.js'

/** Takes a damaged segment out of the log and keeps it aside. False: someone did it already. */
export async function quarantineSegment(
  tx: WriteTransaction,
  memory: LogMemory,
  damaged: SegmentEntry,
  reason: string,
): Promise<boolean> {
  await memory.index.loadAll(tx)
  await memory.allTopics(tx)
  const entry = memory.index.entries.find((own) => own.first === damaged.first && own.last === damaged.last)
  if (!entry) return false
  tx.put('quarantine', entry.first, { entry, reason, stored: await tx.get('segments', entry.first) })
  tx.delete('segments', { from: entry.first, to: entry.first + 1 })
  memory.index.replace(tx, new Map([[entry.first, []]]))
  let lost = 0
  for (const span of entry.topics) {
    const row = memory.topics.get(span.name)
    if (!row || span.last < row.first) continue
    lost += span.count
    const rest = { ...row, count: row.count - span.count, bytes: row.bytes - span.bytes }
    memory.topics.set(span.name, rest)
    memory.ids.delete(span.name)
    tx.put('topics', span.name, rest)
  }
  memory.head = {
    ...memory.head,
    events: memory.head.events - lost,
    bytes: memory.head.bytes - entry.bytes,
    segments: memory.head.segments - 1,
  }
  await dropCheckpoints(tx, new Set(entry.topics.map(({ name }) => name)), entry.first)
  putChangedHead(tx, memory, { removed: true })
  return true
}
