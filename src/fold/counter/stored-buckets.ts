import { Buckets } from './buckets.js'
import type { Layout } from './layout.js'

/** Buckets as they are stored and travel: numbers only, and of the buckets those that are not empty. */
export interface StoredBuckets {
  /** The layout's name. */
  layout: string
  /** total, first, last; then of each track: newest bucket, how many pairs follow, pairs of (how far behind it, count). */
  numbers: Float64Array
}

export function storeBuckets(buckets: Buckets): StoredBuckets {
  const { layout, total, first, last, newest } = buckets
  const numbers = [total, first, last]
  layout.tracks.forEach(({ slots }, track) => {
    const newestHere = newest[track]!
    const pairs: number[] = []
    for (let behind = 0; behind < slots && newestHere !== -Infinity; behind++) {
      const count = buckets.get(track, newestHere - behind)
      if (count > 0) pairs.push(behind, count)
    }
    numbers.push(newestHere, pairs.length / 2, ...pairs)
  })
  return { layout: layout.name, numbers: Float64Array.from(numbers) }
}

/** Null for what was not stored by `storeBuckets`. */
export function loadBuckets(stored: unknown, layout: Layout): Buckets | null {
  if (typeof stored !== 'object' || stored === null) return null
  const { layout: name, numbers } = stored as Partial<StoredBuckets>
  if (typeof name !== 'string' || !(numbers instanceof Float64Array) || numbers.length < 3) return null
  const buckets = new Buckets(layout)
  let at = 3
  for (const [track, { slots }] of layout.tracks.entries()) {
    const newest = numbers[at]!
    const pairs = numbers[at + 1]!
    if (!(newest === -Infinity || Number.isSafeInteger(newest)) || !(pairs <= slots)) return null
    at += 2
    buckets.newest[track] = newest
    for (let pair = 0; pair < pairs; pair++, at += 2) {
      const [behind, count] = [numbers[at]!, numbers[at + 1]!]
      if (!(behind >= 0 && behind < slots) || !(count > 0)) return null
      buckets.set(track, newest - behind, count)
    }
  }
  if (at !== numbers.length || !(numbers[0]! >= 0)) return null
  buckets.total = numbers[0]!
  buckets.first = numbers[1]!
  buckets.last = numbers[2]!
  return buckets
}
