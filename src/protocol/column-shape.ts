import { startOf, type EventColumns } from '../codec/columns.js'
import { DATA_COUNTS, isCounts } from '../codec/counts.js'
import { isName, isText, isWhole, listOf, orNull } from './shape.js'

const isNames = listOf(isName)
const isTexts = listOf(orNull(isText))

/** The columns agree with each other: every index points into its dictionary, every end into the text. */
export function isColumns(
  value: unknown,
  from: 'one producer' | 'any producers' = 'one producer',
): value is EventColumns {
  if (typeof value !== 'object' || value === null) return false
  const columns = value as Record<keyof EventColumns, unknown>
  const { count, topics, types, producers, producerSeq, time, weight, text, ends, ids, metas, attachments } = columns
  return (
    isWhole(count) &&
    isDictionary(topics, columns.topic, count) &&
    isDictionary(types, columns.type, count) &&
    isDictionary(producers, columns.producer, count) &&
    isFloats(producerSeq, count) &&
    (from === 'any producers' ? producerSeq.every(isWhole) : producers.length === 1 && isRising(producerSeq)) &&
    isFloats(time, count) &&
    (weight === null || isFloats(weight, count)) &&
    isText(text) &&
    isEnds(ends, count, text.length) &&
    isKind(columns.kind, count, from === 'one producer' ? text.slice(startOf(ends, count - 1)) : null) &&
    (ids === null || (isTexts(ids) && ids.length === count)) &&
    (metas === null || (isTexts(metas) && metas.length === count)) &&
    (attachments === null || (Array.isArray(attachments) && attachments.length === count))
  )
}

// Two entries of one name would count its positions twice.
function isDictionary(names: unknown, index: unknown, count: number): names is string[] {
  if (!isNames(names) || new Set(names).size !== names.length || (count > 0 && names.length === 0)) return false
  if (index === null) return true
  if (!(index instanceof Uint32Array) || index.length !== count) return false
  for (let row = 0; row < count; row++) if (index[row]! >= names.length) return false
  return true
}

function isFloats(column: unknown, count: number): column is Float64Array {
  if (!(column instanceof Float64Array) || column.length !== count) return false
  for (let row = 0; row < count; row++) if (!Number.isFinite(column[row])) return false
  return true
}

function isRising(column: Float64Array): boolean {
  let previous = -1
  for (let row = 0; row < column.length; row++) {
    const value = column[row]!
    if (!Number.isSafeInteger(value) || value <= previous) return false
    previous = value
  }
  return true
}

function isEnds(ends: unknown, count: number, length: number): ends is Uint32Array {
  if (!(ends instanceof Uint32Array) || ends.length !== count) return false
  let previous = -1
  for (let row = 0; row < count; row++) {
    const end = ends[row]!
    if (end <= previous) return false
    previous = end
  }
  return length === Math.max(0, previous)
}

/** `lastText`: the last row's, where it may be what its tab counts. */
function isKind(kind: unknown, count: number, lastText: string | null): boolean {
  if (kind === null) return true
  if (!(kind instanceof Uint8Array) || kind.length !== count) return false
  const counts = lastText !== null && kind[count - 1] === DATA_COUNTS
  if (counts && !isCounts(lastText)) return false
  const events = counts ? kind.subarray(0, -1) : kind
  return events.every((own) => own < DATA_COUNTS)
}
