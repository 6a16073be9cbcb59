import type { SnapshotRow, WriteTransaction } from './database.js'
import type { LogMemory } from './log-memory.js'

// An event can be read as long as its position is not below its topic's first, or an open snapshot saw it so. What
// nobody can read is deleted: whole segments at once, single rows when their segment is compacted.

/** For each reader, now or by snapshot: from where it sees a topic. */
export interface Reader {
  end: number
  first(topic: string): number
}

export function readersOf({ topics }: LogMemory, snapshots: readonly SnapshotRow[]): Reader[] {
  return [
    { end: Infinity, first: (topic) => topics.get(topic)?.first ?? Infinity },
    ...snapshots.map((snapshot) => ({
      end: snapshot.end,
      first: (topic: string) => snapshot.topics.get(topic)?.first ?? Infinity,
    })),
  ]
}

export function isSeen(readers: readonly Reader[], topic: string, position: number, sequence: number): boolean {
  return readers.some((reader) => sequence < reader.end && position >= reader.first(topic))
}

/** Deletes the segments in which nobody sees anything, snapshots being closed apart. The memory must hold all topics. */
export async function dropUnseen(
  tx: WriteTransaction,
  memory: LogMemory,
  closing: ReadonlySet<string> = new Set(),
): Promise<void> {
  await memory.index.loadAll(tx)
  const snapshots = await tx.getAll('snapshots')
  const readers = readersOf(
    memory,
    snapshots.filter(({ id }) => !closing.has(id)),
  )
  const unseen = memory.index.entries.filter(
    (entry) => !entry.topics.some((span) => isSeen(readers, span.name, span.last, entry.first)),
  )
  if (unseen.length === 0) return
  for (const entry of unseen) tx.delete('segments', { from: entry.first, to: entry.first + 1 })
  memory.index.replace(tx, new Map(unseen.map(({ first }) => [first, []])))
  memory.head = {
    ...memory.head,
    bytes: memory.head.bytes - unseen.reduce((sum, entry) => sum + entry.bytes, 0),
    segments: memory.head.segments - unseen.length,
  }
}

/** Ends a transaction that changed or removed what was stored: the head is written last. */
export function putChangedHead(tx: WriteTransaction, memory: LogMemory, { removed }: { removed: boolean }): void {
  const { head } = memory
  memory.head = {
    ...head,
    revision: head.revision + 1,
    rewrites: head.rewrites + 1,
    removals: head.removals + (removed ? 1 : 0),
  }
  tx.put('head', 'head', memory.head)
}
