import { selectRows, type EventColumns } from '../codec/columns.js'
import type { PlacedEvents } from '../codec/encode.js'
import { storeEvents } from './store-events.js'
import type { WriteTransaction } from './database.js'
import { rememberIds } from './ids.js'
import type { LogMemory } from './log-memory.js'
import { PresentEvents } from './present-events.js'

/** What came of a batch of an import. */
export interface Imported {
  events: number
  skipped: number
  /** Those that got events. */
  topics: string[]
}

export interface StoredImport extends Imported {
  columns: EventColumns
  nextSequence: number
}

// Stores what is not here yet, at the log's end and in the order given. What producers have committed themselves stays
// as it is noted: an import says nothing about it, so that a living tab's next events are never taken for known.
// Null: `present` must catch up first. The memory must hold the `ids` of the topics that name some.
export async function importBatch(
  tx: WriteTransaction,
  memory: LogMemory,
  present: PresentEvents,
  columns: EventColumns,
): Promise<StoredImport | null> {
  if (!(await present.extend(tx, memory))) return null
  await Promise.all(columns.topics.map((name) => memory.topic(tx, name)))
  const rows = newRows(memory, present, columns)
  const accepted = selectRows(columns, rows)
  const topics = new Set(rows.map((row) => topicOf(columns, row)))
  if (rows.length > 0) storeEvents(tx, memory, place(memory, accepted), memory.head.nextSequence + rows.length)
  return {
    events: rows.length,
    skipped: columns.count - rows.length,
    topics: [...topics],
    columns: accepted,
    nextSequence: memory.head.nextSequence,
  }
}

// Known are the events that are here, and ids that are in their topic; the first of two alike in the batch wins.
function newRows(memory: LogMemory, present: PresentEvents, columns: EventColumns): number[] {
  const rows: number[] = []
  const taken = new PresentEvents()
  const takenIds = new Set<string>()
  for (let row = 0; row < columns.count; row++) {
    const producer = columns.producers[columns.producer ? columns.producer[row]! : 0]!
    const seq = columns.producerSeq[row]!
    if (present.has(producer, seq) || taken.has(producer, seq)) continue
    const id = columns.ids?.[row]
    if (id != null) {
      const topic = topicOf(columns, row)
      const key = `${topic.length} ${topic} ${id}`
      if (memory.ids.get(topic)!.has(id) || takenIds.has(key)) continue
      takenIds.add(key)
    }
    taken.add(producer, seq)
    rows.push(row)
  }
  return rows
}

function place(memory: LogMemory, columns: EventColumns): PlacedEvents {
  const sequence = new Float64Array(columns.count)
  const position = new Float64Array(columns.count)
  const topics = columns.topics.map((name) => ({ ...memory.topics.get(name)! }))
  for (let row = 0; row < columns.count; row++) {
    const topic = topics[columns.topic ? columns.topic[row]! : 0]!
    sequence[row] = memory.head.nextSequence + row
    position[row] = topic.next++
    const id = columns.ids?.[row]
    if (id == null) continue
    rememberIds(memory.ids.get(topic.name)!, [[id, { position: position[row]!, sequence: sequence[row]! }]])
  }
  for (const topic of topics) memory.topics.set(topic.name, topic)
  return { columns, sequence, position }
}

function topicOf(columns: EventColumns, row: number): string {
  return columns.topics[columns.topic ? columns.topic[row]! : 0]!
}
