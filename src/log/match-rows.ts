import type { Segment } from '../codec/decode.js'
import { dataOf, metaOf } from '../codec/events.js'
import { isEqual } from '../fold/equal.js'
import { valueAt } from '../fold/path.js'
import type { ReadRequest, WhereTerm } from '../protocol/writer-api.js'
import type { SegmentEntry, TopicRow } from './database.js'

/** Of each topic the first position that may be read. Topics it does not name have none. */
export interface VisibleFrom {
  get(topic: string): Pick<TopicRow, 'first'> | undefined
}

/** Whether the segment may hold matching rows. */
export function mayMatch(entry: SegmentEntry, request: ReadRequest, visible: VisibleFrom): boolean {
  const { topics, types, positions, sequences, times } = request
  if (entry.last < sequences[0] || entry.first >= sequences[1]) return false
  if (entry.until < times[0] || entry.since >= times[1]) return false
  if (types && !entry.types.some((type) => types.includes(type))) return false
  return entry.topics.some(
    (span) =>
      (topics === null || topics.includes(span.name)) &&
      span.last >= (visible.get(span.name)?.first ?? Infinity) &&
      (positions === null || (span.last >= positions[0] && span.first < positions[1])),
  )
}

/** The rows that match, in order. */
export function matchRows(segment: Segment, request: ReadRequest, visible: VisibleFrom): number[] {
  const { columns, sequence, position } = segment
  const { topics, types, positions, sequences, times, where } = request
  const topicFrom = columns.topics.map((name) =>
    topics === null || topics.includes(name) ? (visible.get(name)?.first ?? Infinity) : Infinity,
  )
  const typeWanted = columns.types.map((type) => types === null || types.includes(type))
  const [fromPosition, toPosition] = positions ?? [0, Infinity]
  const rows: number[] = []
  for (let row = 0; row < columns.count; row++) {
    const at = position[row]!
    if (at < topicFrom[columns.topic ? columns.topic[row]! : 0]!) continue
    if (!typeWanted[columns.type ? columns.type[row]! : 0]) continue
    if (sequence[row]! < sequences[0] || sequence[row]! >= sequences[1]) continue
    if (at < fromPosition || at >= toPosition) continue
    const time = columns.time[row]!
    if (time < times[0] || time >= times[1]) continue
    rows.push(row)
  }
  return where.length === 0 ? rows : rows.filter((row) => matchesWhere(segment, row, where))
}

function matchesWhere({ columns }: Segment, row: number, where: readonly WhereTerm[]): boolean {
  let data: unknown
  let parsed = false
  return where.every((term) => {
    if (term.in === 'meta') return isEqual(valueAt(metaOf(columns, row), term.path), term.value)
    if (!parsed) {
      parsed = true
      data = dataOf(columns, row)
    }
    return isEqual(valueAt(data, term.path), term.value)
  })
}
