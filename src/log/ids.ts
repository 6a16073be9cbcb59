import type { Segment } from '../codec/decode.js'

/** At least this many of a topic's newest ids are remembered. */
export const IDS_KEPT = 10_000

export interface IdPlace {
  position: number
  sequence: number
}

/** By id, oldest first. */
export type IdPlaces = Map<string, IdPlace>

/** The ids of a topic in a segment, oldest first, from a position on. */
export function idsIn({ columns, position, sequence }: Segment, topic: string, from: number): [string, IdPlace][] {
  if (columns.ids === null) return []
  const found: [string, IdPlace][] = []
  for (let row = 0; row < columns.count; row++) {
    const id = columns.ids[row]
    if (id == null || position[row]! < from) continue
    if (columns.topics[columns.topic ? columns.topic[row]! : 0] !== topic) continue
    found.push([id, { position: position[row]!, sequence: sequence[row]! }])
  }
  return found
}

/** Keeps a bounded number: the oldest go first. */
export function rememberIds(places: IdPlaces, more: readonly [string, IdPlace][]): void {
  for (const [id, place] of more) places.set(id, place)
  if (places.size <= 2 * IDS_KEPT) return
  for (const old of places.keys()) {
    if (places.size <= IDS_KEPT) break
    places.delete(old)
  }
}
