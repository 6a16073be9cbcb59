import { encodeSegment, type PlacedEvents } from '../codec/encode.js'
import type { SegmentEntry, TopicRow, WriteTransaction } from './database.js'
import { describeSegment } from './describe.js'
import type { LogMemory } from './log-memory.js'
import type { Submitted } from './submitted.js'

/** Rows of producers that are not in the memory are left as they are. */
export function storeEvents(tx: WriteTransaction, memory: LogMemory, events: PlacedEvents, nextSequence: number): void {
  const { head } = memory
  const { columns, sequence } = events
  const entries: SegmentEntry[] = []
  for (let from = 0; from < columns.count;) {
    const { bytes, attachments, count } = encodeSegment(events, from, head.epoch)
    tx.put('segments', sequence[from]!, attachments ? { bytes, attachments } : { bytes })
    entries.push(describeSegment(events, from, from + count, bytes.byteLength))
    from += count
  }
  tx.put('index', sequence[0]!, entries)
  memory.index.add(entries)
  for (const name of new Set(columns.topics)) {
    const row = withEntries(memory.topics.get(name)!, entries)
    memory.topics.set(name, row)
    tx.put('topics', name, row)
  }
  for (const id of columns.producers) {
    const producer = memory.producers.get(id)
    if (producer) tx.put('producers', id, producer)
  }
  memory.head = {
    ...head,
    revision: head.revision + 1,
    nextSequence,
    events: head.events + columns.count,
    bytes: head.bytes + entries.reduce((sum, entry) => sum + entry.bytes, 0),
    segments: head.segments + entries.length,
  }
  tx.put('head', 'head', memory.head)
}

// No event came, but what was counted did.
export function storeNoEvents(tx: WriteTransaction, memory: LogMemory, batches: readonly Submitted[]): void {
  for (const id of new Set(batches.map(({ columns }) => columns.producers[0]!))) {
    tx.put('producers', id, memory.producers.get(id)!)
  }
  memory.head = { ...memory.head, revision: memory.head.revision + 1 }
  tx.put('head', 'head', memory.head)
}

function withEntries(row: TopicRow, entries: readonly SegmentEntry[]): TopicRow {
  let { count, bytes, since, until } = row
  for (const entry of entries) {
    const span = entry.topics.find(({ name }) => name === row.name)
    if (!span) continue
    count += span.count
    bytes += span.bytes
    since = Math.min(since ?? Infinity, span.since)
    until = Math.max(until ?? -Infinity, span.until)
  }
  return { ...row, count, bytes, since, until }
}
