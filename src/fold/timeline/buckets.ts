import { invalidArgument } from '../../core/fault.js'
import { MOST_BUCKETS, type TimelineRequest } from '../../protocol/timeline.js'

/** A span of time cut into equal parts, of which the last may reach beyond it. */
export interface Buckets {
  readonly since: number
  readonly until: number
  readonly everyMs: number
  /** 0: the span is empty. */
  readonly count: number
}

/** `extent`: what times there are; null when there is none. */
export function bucketsOf(
  { since, until, buckets, everyMs }: Pick<TimelineRequest, 'since' | 'until' | 'buckets' | 'everyMs'>,
  extent: { first: number; last: number } | null,
): Buckets {
  const from = since ?? extent?.first ?? until ?? 0
  const to = until ?? Math.max(from, extent === null ? from : extent.last + 1)
  if (buckets !== null) {
    const empty = !(from < to)
    return { since: from, until: to, everyMs: empty ? 0 : (to - from) / buckets, count: empty ? 0 : buckets }
  }
  const count = Math.max(0, Math.ceil((to - from) / everyMs!))
  if (count > MOST_BUCKETS) throw invalidArgument('everyMs', `so wide that ${MOST_BUCKETS} buckets are enough`, everyMs)
  return { since: from, until: to, everyMs: everyMs!, count }
}

/** Where a time of the span falls: never less for a later one. */
export function bucketAt({ since, everyMs, count }: Buckets, time: number): number {
  return Math.min(count - 1, Math.floor((time - since) / everyMs))
}

/** But for the last digits of what bucketAt() says. */
export function startOf({ since, until, everyMs, count }: Buckets, bucket: number): number {
  return bucket < count ? since + bucket * everyMs : until
}
