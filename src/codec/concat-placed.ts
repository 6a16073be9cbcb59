import { concatColumns } from './columns.js'
import type { PlacedEvents } from './encode.js'

/** All rows of all parts, one after the other; there must be one. */
export function concatPlaced(parts: readonly PlacedEvents[]): PlacedEvents {
  if (parts.length === 1) return parts[0]!
  const columns = concatColumns(parts.map((part) => part.columns))
  const sequence = new Float64Array(columns.count)
  const position = new Float64Array(columns.count)
  let at = 0
  for (const part of parts) {
    sequence.set(part.sequence, at)
    position.set(part.position, at)
    at += part.columns.count
  }
  return { columns, sequence, position }
}
