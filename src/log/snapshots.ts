import { storeError } from '../core/fault.js'
import type { LogDatabase, LogStore, SegmentEntry, SnapshotRow, SnapshotTopic, WriteTransaction } from './database.js'
import type { LogMemory, LogState } from './log-memory.js'
import { openStored } from './rewrite.js'
import { dropUnseen, putChangedHead } from './seen.js'

const STORES: readonly LogStore[] = ['head', 'topics', 'index', 'segments', 'snapshots']

export interface SnapshotRequest {
  id: string
  producer: string
  takenAt: number
  /** The newest sequence in it; null = all there is. */
  at: number | null
  topics: readonly string[] | null
}

/** Keeps what can be read now readable until the snapshot is let go. */
export async function takeSnapshot(
  database: LogDatabase,
  state: LogState,
  { id, producer, takenAt, at, topics: names }: SnapshotRequest,
): Promise<SnapshotRow> {
  const { row, boundary, stored } = await database.write([...STORES], 'relaxed', async (tx) => {
    const memory = await state.writable(tx)
    await memory.allTopics(tx)
    const end = at === null ? memory.head.nextSequence : Math.min(at + 1, memory.head.nextSequence)
    const isWhole = end === memory.head.nextSequence
    if (!isWhole) await memory.index.loadAll(tx)
    const boundary = isWhole ? undefined : memory.index.entries.find((entry) => entry.first < end && entry.last >= end)
    const row: SnapshotRow = { id, producer, takenAt, end, topics: topicsAt(memory, names, isWhole ? null : end) }
    tx.put('snapshots', id, row)
    return { row, boundary, stored: boundary && (await tx.get('segments', boundary.first)) }
  })
  if (!boundary) return row
  const { columns, position, sequence } = await openStored(boundary, stored)
  for (let at = 0; at < columns.count && sequence[at]! < row.end; at++) {
    const seen = row.topics.get(columns.topics[columns.topic ? columns.topic[at]! : 0]!)
    if (!seen || position[at]! < seen.first) continue
    seen.count++
    seen.next = position[at]! + 1
    seen.bytes += columns.ends[at]! - (at === 0 ? 0 : columns.ends[at - 1]! + 1)
    seen.since = Math.min(seen.since ?? Infinity, columns.time[at]!)
    seen.until = Math.max(seen.until ?? -Infinity, columns.time[at]!)
  }
  await database.write([...STORES], 'relaxed', async (tx) => tx.put('snapshots', id, row))
  return row
}

export async function findSnapshot(database: LogDatabase, id: string): Promise<SnapshotRow> {
  const row = await database.read(['snapshots'], (tx) => tx.get('snapshots', id))
  if (row) return row
  throw storeError('not-found', 'This snapshot is closed: take a new one with store.snapshot().', { snapshot: id })
}

/** Lets snapshots go, and with them what only they could see. */
export function dropSnapshots(
  database: LogDatabase,
  state: LogState,
  isGone: (snapshot: SnapshotRow) => boolean,
): Promise<void> {
  return database.write([...STORES], 'relaxed', async (tx: WriteTransaction) => {
    const gone = (await tx.getAll('snapshots')).filter(isGone)
    if (gone.length === 0) return
    const memory = await state.writable(tx)
    await memory.allTopics(tx)
    const segments = memory.head.segments
    await dropUnseen(tx, memory, new Set(gone.map(({ id }) => id)))
    for (const { id } of gone) tx.delete('snapshots', { from: id, to: `${id}\0` })
    if (memory.head.segments !== segments) putChangedHead(tx, memory, { removed: false })
  })
}

// Of the segments that lie wholly below `end`; of all when it is null.
function topicsAt(memory: LogMemory, names: readonly string[] | null, end: number | null): Map<string, SnapshotTopic> {
  const topics = new Map<string, SnapshotTopic>()
  for (const { name, first, next, count, bytes, since, until } of memory.topics.values()) {
    if (next === 0 || (names !== null && !names.includes(name))) continue
    const whole = { first, next, count, bytes, since, until }
    topics.set(name, end === null ? whole : { first, next: first, count: 0, bytes: 0, since: null, until: null })
  }
  if (end !== null) for (const entry of memory.index.entries) if (entry.last < end) addSpans(topics, entry)
  return topics
}

function addSpans(topics: Map<string, SnapshotTopic>, entry: SegmentEntry): void {
  for (const span of entry.topics) {
    const seen = topics.get(span.name)
    if (!seen || span.last < seen.first) continue
    seen.count += span.count
    seen.bytes += span.bytes
    seen.next = span.last + 1
    seen.since = Math.min(seen.since ?? Infinity, span.since)
    seen.until = Math.max(seen.until ?? -Infinity, span.until)
  }
}
