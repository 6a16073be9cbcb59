import type { TopicRow, WriteTransaction } from './database.js'
import type { LogState } from './state.js'

/** Empties one topic, or all: positions and sequences go on rising. Returns how many events went. */
export async function clearTopics(tx: WriteTransaction, state: LogState, topic: string | null): Promise<number> {
  await state.synchronize(tx)
  const all = await state.allTopics(tx)
  const rows = topic === null ? all : all.filter((row) => row.name === topic)
  let cleared = 0
  for (const row of rows) {
    cleared += row.count
    const empty: TopicRow = { ...row, first: row.next, count: 0, bytes: 0, since: null, until: null }
    state.topics.set(row.name, empty)
    state.ids.delete(row.name)
    tx.put('topics', row.name, empty)
  }
  await state.index.loadAll(tx)
  const dropped = dropInvisible(tx, state)
  state.head = {
    ...state.head,
    revision: state.head.revision + 1,
    removals: state.head.removals + 1,
    events: state.head.events - cleared,
    bytes: state.head.bytes - dropped.bytes,
    segments: state.head.segments - dropped.segments,
  }
  tx.put('head', 'head', state.head)
  return cleared
}

// Segments in which nothing can be read any more are deleted; mixed ones stay until they are compacted.
function dropInvisible(tx: WriteTransaction, state: LogState): { segments: number; bytes: number } {
  const { entries } = state.index
  const kept = entries.filter((entry) => entry.topics.some((span) => span.last >= state.topics.get(span.name)!.first))
  const dropped = { segments: entries.length - kept.length, bytes: 0 }
  if (dropped.segments === 0) return dropped
  const keep = new Set(kept)
  for (const entry of entries) {
    if (keep.has(entry)) continue
    dropped.bytes += entry.bytes
    tx.delete('segments', { from: entry.first, to: entry.first + 1 })
  }
  tx.delete('index', {})
  if (kept.length > 0) tx.put('index', kept[0]!.first, kept)
  state.index.entries = kept
  return dropped
}
