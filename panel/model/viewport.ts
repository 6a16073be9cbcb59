/** The stretch of time that the lanes show. */
export interface Viewport {
  since: number
  until: number
}

/** What is counted for a viewport: it and as much again on either side, in buckets that lie on multiples of their length. */
export interface Tile extends Viewport {
  bucketMs: number
  buckets: number
}

const LEAST_MS = 0.05
/** Of the viewport, kept free on either side of the extent. */
const MARGIN = 0.02
const PX_PER_BUCKET = 2

export function spanOf({ since, until }: Viewport): number {
  return until - since
}

/** All there is, with a margin; a lone event within a second. */
export function fit(first: number, last: number): Viewport {
  const span = Math.max(1000, last - first)
  const middle = (first + last) / 2
  return { since: middle - span * (0.5 + MARGIN), until: middle + span * (0.5 + MARGIN) }
}

/** `factor` below 1 shows less; the time at this fraction of the viewport stays where it is. */
export function zoom(view: Viewport, factor: number, fraction: number, whole: Viewport): Viewport {
  const span = Math.min(Math.max(LEAST_MS, spanOf(view) * factor), spanOf(whole))
  const since = view.since + (spanOf(view) - span) * fraction
  return within({ since, until: since + span }, whole)
}

/** By a part of its own width. */
export function pan(view: Viewport, fraction: number, whole: Viewport): Viewport {
  const by = spanOf(view) * fraction
  return within({ since: view.since + by, until: view.until + by }, whole)
}

/** Moved, not cut, to lie in the whole. */
export function within(view: Viewport, whole: Viewport): Viewport {
  const span = Math.min(spanOf(view), spanOf(whole))
  const since = Math.min(Math.max(view.since, whole.since), whole.until - span)
  return { since, until: since + span }
}

export function tileFor(view: Viewport, width: number): Tile {
  const span = spanOf(view)
  const bucketMs = 2 ** Math.ceil(Math.log2((span * PX_PER_BUCKET) / Math.max(64, width)))
  // On multiples of a viewport's quarter, so that small steps ask for the same again.
  const step = bucketMs * 2 ** Math.floor(Math.log2(span / bucketMs / 4))
  const since = Math.floor((view.since - span) / step) * step
  const until = Math.ceil((view.until + span) / step) * step
  return { since, until, bucketMs, buckets: Math.round((until - since) / bucketMs) }
}
