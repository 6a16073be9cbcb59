import type { StoredEvent } from '../core/event.js'
import { DATA_PLAIN, DATA_UNDEFINED, startOf, type EventColumns } from './columns.js'
import type { PlacedEvents } from './encode.js'
import { reviveTagged } from './tagged-json.js'

// A text that is not what our own tabs write comes from a page that speaks to the writer on its own: such data reads as
// undefined, and nothing else is affected.

/** The events of the rows named; all of them when none are. */
export function eventsOf(placed: PlacedEvents, rows: ArrayLike<number> | null): StoredEvent[] {
  const { columns } = placed
  if (rows === null || rows.length > columns.count / 4) {
    const data = allJson(columns)
    if (rows === null) return data.map((value, row) => eventOf(placed, row, value))
    return Array.from(rows, (row) => eventOf(placed, row, data[row]))
  }
  return Array.from(rows, (row) => eventOf(placed, row, jsonOf(columns, row)))
}

/** The JSON text of a row's data. */
export function dataText(columns: EventColumns, row: number): string {
  return columns.text.slice(startOf(columns.ends, row), columns.ends[row])
}

/** A row's data. */
export function dataOf(columns: EventColumns, row: number): unknown {
  return revived(columns, row, jsonOf(columns, row))
}

export function metaOf(columns: EventColumns, row: number): Record<string, unknown> | undefined {
  const text = columns.metas?.[row]
  if (text == null) return undefined
  try {
    return reviveTagged(JSON.parse(text), columns.attachments?.[row] ?? []) as Record<string, unknown>
  } catch {
    return undefined
  }
}

// All at once is several times as fast as one by one.
function allJson(columns: EventColumns): unknown[] {
  try {
    const data = JSON.parse(`[${columns.text}]`) as unknown[]
    if (data.length === columns.count) return data
  } catch {}
  return Array.from({ length: columns.count }, (_, row) => jsonOf(columns, row))
}

function jsonOf(columns: EventColumns, row: number): unknown {
  try {
    return JSON.parse(dataText(columns, row))
  } catch {
    return undefined
  }
}

function revived(columns: EventColumns, row: number, json: unknown): unknown {
  const kind = columns.kind ? columns.kind[row]! : DATA_PLAIN
  if (kind === DATA_PLAIN) return json
  if (kind === DATA_UNDEFINED) return undefined
  try {
    return reviveTagged(json, columns.attachments?.[row] ?? [])
  } catch {
    return undefined
  }
}

function eventOf({ columns, sequence, position }: PlacedEvents, row: number, json: unknown): StoredEvent {
  const event: StoredEvent = {
    topic: columns.topics[columns.topic ? columns.topic[row]! : 0]!,
    position: position[row]!,
    sequence: sequence[row]!,
    type: columns.types[columns.type ? columns.type[row]! : 0]!,
    data: columns.kind === null ? json : revived(columns, row, json),
    time: columns.time[row]!,
    weight: columns.weight ? columns.weight[row]! : 1,
    producer: columns.producers[columns.producer ? columns.producer[row]! : 0]!,
    producerSeq: columns.producerSeq[row]!,
  }
  const id = columns.ids?.[row]
  if (id != null) event.id = id
  const meta = metaOf(columns, row)
  if (meta !== undefined) event.meta = meta
  return event
}
