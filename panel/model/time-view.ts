/** What the timeline shows: `buckets` equal steps over [since, until). */
export interface TimeView {
  since: number
  until: number
  bucketMs: number
  buckets: number
}

// Buckets are a power of two of milliseconds long and lie on multiples of it. As the log grows a bar keeps its events,
// so a live timeline does not shimmer; it halves its resolution when it runs out of room.
export function timeView(first: number, last: number, maxBuckets: number): TimeView {
  const most = Math.max(8, Math.floor(maxBuckets))
  // A lone event is shown within a second, not stretched to the whole width.
  const from = last - first < 1000 ? (first + last) / 2 - 500 : first
  const to = last - first < 1000 ? from + 1000 : last
  for (let bucketMs = 1; ; bucketMs *= 2) {
    const since = Math.floor(from / bucketMs) * bucketMs
    const until = (Math.floor(to / bucketMs) + 1) * bucketMs
    const buckets = Math.round((until - since) / bucketMs)
    if (buckets <= most) return { since, until, bucketMs, buckets }
  }
}

export function bucketAt(fraction: number, { buckets }: TimeView): number {
  return Math.min(buckets - 1, Math.max(0, Math.floor(fraction * buckets)))
}

export function bucketStart(bucket: number, { since, bucketMs }: TimeView): number {
  return since + bucket * bucketMs
}
