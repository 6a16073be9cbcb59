export interface LaneCounts {
  key: string
  counts: Uint32Array
  total: number
}

/** More are told, not drawn. */
const MOST_LANES = 100

/** Pinned ones first, hidden ones not at all. */
export function lanesInOrder(
  lanes: readonly LaneCounts[],
  pinned: readonly string[],
  hidden: readonly string[],
): { drawn: LaneCounts[]; hidden: LaneCounts[]; left: number } {
  const seen = lanes.filter(({ key }) => !hidden.includes(key))
  const ordered = [
    ...seen.filter(({ key }) => pinned.includes(key)),
    ...seen.filter(({ key }) => !pinned.includes(key)),
  ]
  return {
    drawn: ordered.slice(0, MOST_LANES),
    hidden: lanes.filter(({ key }) => hidden.includes(key)),
    left: Math.max(0, ordered.length - MOST_LANES),
  }
}
