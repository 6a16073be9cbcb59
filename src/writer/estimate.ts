import { bucketAt, startOf } from '../fold/timeline/buckets.js'
import type { Counts } from '../fold/timeline/counts.js'
import type { TopicSpan } from '../log/database.js'
import type { Described } from '../log/log.js'
import type { TimelineRequest } from '../protocol/timeline.js'

/** What adding up parts may lack of a whole event. */
const ROUNDING = 1e-6

type Wanted = Pick<TimelineRequest, 'by' | 'topics' | 'types'>

/**
 * Counts the events from a sequence on by what is known of their segments, as if those of a topic lay evenly between
 * the first and the last of it, and were of each of the segment's types alike.
 */
export function estimateInto(
  counts: Counts,
  { entries, topics: rows }: Pick<Described, 'entries' | 'topics'>,
  from: number,
  { by, topics, types }: Wanted,
): void {
  const spread = new Spread(counts)
  for (const entry of entries) {
    const wanted = types === null ? entry.types : entry.types.filter((type) => types.includes(type))
    const share = Math.min(1, (entry.last + 1 - from) / (entry.last + 1 - entry.first)) / entry.types.length
    for (const span of entry.topics) {
      if (topics?.includes(span.name) === false) continue
      const ofEachType = share * leftOf(span, rows.get(span.name)?.first ?? Infinity)
      if (by === 'topic') spread.add(span.name, ofEachType * wanted.length, span)
      else for (const type of wanted) spread.add(type, ofEachType, span)
    }
  }
}

// Nothing below the position can be read.
function leftOf({ first, last, count }: TopicSpan, position: number): number {
  return count * Math.max(0, Math.min(1, (last + 1 - position) / (last + 1 - first)))
}

/** Parts of events are carried on, so that a lane's counts add up. */
class Spread {
  readonly #counts: Counts
  readonly #carried = new Map<string, number>()

  constructor(counts: Counts) {
    this.#counts = counts
  }

  add(key: string, events: number, { since, until }: TopicSpan): void {
    const { buckets } = this.#counts
    if (events <= 0 || until < buckets.since || since >= buckets.until) return
    const lane = this.#counts.of(key)
    const end = bucketAt(buckets, until)
    let carried = this.#carried.get(key) ?? 0
    for (let bucket = bucketAt(buckets, Math.max(since, buckets.since)); bucket <= end; bucket++) {
      const [from, to] = [Math.max(since, startOf(buckets, bucket)), Math.min(until, startOf(buckets, bucket + 1))]
      carried += until > since ? (events * Math.max(0, to - from)) / (until - since) : events
      const whole = Math.floor(carried + ROUNDING)
      lane[bucket]! += whole
      carried -= whole
    }
    this.#carried.set(key, carried)
  }
}
