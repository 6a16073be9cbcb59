import type { PlacedEvents } from '../codec/encode.js'
import { dataOf, dataText } from '../codec/events.js'
import type { CompiledFilter } from './event-filter.js'

/** Of these rows (null: of all) those that the filter lets through: what a search finds and what an export of it holds. */
export function matchingRows(
  { columns }: Pick<PlacedEvents, 'columns'>,
  rows: ArrayLike<number> | null,
  filter: CompiledFilter,
): number[] {
  const topics = columns.topics.map((name) => filter.topic(name))
  const types = columns.types.map((name) => filter.type(name))
  const producers = columns.producers.map((id) => filter.producer(id))
  const looksInside = filter.needsText || filter.needsData
  const found: number[] = []
  for (let at = 0; at < (rows?.length ?? columns.count); at++) {
    const row = rows ? rows[at]! : at
    const time = columns.time[row]!
    if (time < filter.since || time >= filter.until) continue
    const topic = columns.topic ? columns.topic[row]! : 0
    const type = columns.type ? columns.type[row]! : 0
    if (!topics[topic] || !types[type] || !producers[columns.producer ? columns.producer[row]! : 0]) continue
    if (looksInside && !matchesInside(columns, row, columns.topics[topic]!, columns.types[type]!, filter)) continue
    found.push(row)
  }
  return found
}

function matchesInside(
  columns: PlacedEvents['columns'],
  row: number,
  topic: string,
  type: string,
  filter: CompiledFilter,
): boolean {
  const id = columns.ids?.[row] ?? undefined
  if (filter.needsText && !filter.text({ topic, type, id, data: dataText(columns, row) })) return false
  return !filter.needsData || filter.data(dataOf(columns, row))
}
