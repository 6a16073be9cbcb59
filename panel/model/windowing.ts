// The log scrolls a spacer; the rows drawn are only those in sight. `top` is the rank at the upper edge, with a
// fraction, and is the truth: scrollTop is derived from it, since beyond MAX_ELEMENT_PX one pixel is several pixels' worth.

export const ROW_HEIGHT = 22
/** Chrome caps an element's height here. */
export const MAX_ELEMENT_PX = 33_554_428

export interface LogExtent {
  rows: number
  /** Pixels in sight. */
  height: number
}

export function spacerHeight({ rows }: LogExtent): number {
  return Math.min(rows * ROW_HEIGHT, MAX_ELEMENT_PX)
}

export function isScaled({ rows }: LogExtent): boolean {
  return rows * ROW_HEIGHT > MAX_ELEMENT_PX
}

/** The largest `top`: the last row is at the lower edge. */
export function lastTop({ rows, height }: LogExtent): number {
  return Math.max(0, rows - height / ROW_HEIGHT)
}

export function clampTop(top: number, extent: LogExtent): number {
  return Math.min(Math.max(0, top), lastTop(extent))
}

export function topToScroll(top: number, extent: LogExtent): number {
  if (!isScaled(extent)) return top * ROW_HEIGHT
  const end = lastTop(extent)
  return end === 0 ? 0 : (top / end) * (spacerHeight(extent) - extent.height)
}

export function scrollToTop(scrollTop: number, extent: LogExtent): number {
  if (!isScaled(extent)) return clampTop(scrollTop / ROW_HEIGHT, extent)
  return clampTop((scrollTop / (spacerHeight(extent) - extent.height)) * lastTop(extent), extent)
}

/** The ranks in sight, partly seen ones included. */
export function ranksInSight(top: number, { rows, height }: LogExtent): { first: number; count: number } {
  const first = Math.min(Math.floor(top), rows)
  const end = Math.min(rows, Math.ceil(top + height / ROW_HEIGHT))
  return { first, count: Math.max(0, end - first) }
}

/** The nearest `top` that shows this rank whole. */
export function reveal(rank: number, top: number, extent: LogExtent): number {
  if (rank < top) return clampTop(rank, extent)
  const inSight = extent.height / ROW_HEIGHT
  return rank + 1 > top + inSight ? clampTop(rank + 1 - inSight, extent) : top
}

/** How far Page Up and Page Down go: a screenful less the row that stays as a landmark. */
export function pageRows({ height }: LogExtent): number {
  return Math.max(1, Math.floor(height / ROW_HEIGHT) - 1)
}
