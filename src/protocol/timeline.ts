import { invalidArgument } from '../core/fault.js'
import type { WhereTerm } from './writer-api.js'

export const MOST_BUCKETS = 1_000_000

export interface TimelineRequest {
  by: 'topic' | 'type'
  /** null = all */
  topics: readonly string[] | null
  types: readonly string[] | null
  where: readonly WhereTerm[]
  /** null = the store's extent */
  since: number | null
  until: number | null
  /** One of them is null. */
  buckets: number | null
  everyMs: number | null
  /** Sequences to look at. */
  sequences: readonly [from: number, to: number]
  /** Whoever looks at it wants it now: what is not counted yet is told from what is known of the segments. */
  isPrompt: boolean
}

/** What makes lanes and buckets: asked by a user, or by another context. */
export function assertLanesAndBuckets({ by, since, until, buckets, everyMs }: Record<string, unknown>): void {
  if (by !== 'topic' && by !== 'type') throw invalidArgument('by', "'topic' or 'type'", by)
  for (const [field, time] of Object.entries({ since, until })) {
    if (time !== null && !Number.isFinite(time)) throw invalidArgument(field, 'a time in milliseconds', time)
  }
  if (buckets === null) {
    if (Number.isFinite(everyMs) && (everyMs as number) > 0) return
    throw invalidArgument('everyMs', 'a positive number of milliseconds, where buckets are not named', everyMs)
  }
  if (everyMs !== null) throw invalidArgument('everyMs', 'left out where buckets are named', everyMs)
  if (!Number.isInteger(buckets) || (buckets as number) < 1 || (buckets as number) > MOST_BUCKETS) {
    throw invalidArgument('buckets', `a whole number from 1 to ${MOST_BUCKETS}`, buckets)
  }
}

/** What was counted of the sequences asked for, up to `next`; null: of all. */
export interface TimelinePart {
  since: number
  until: number
  everyMs: number
  lanes: { key: string; counts: Uint32Array }[]
  next: number | null
  /** Nothing at or above it was looked at. */
  head: number
  /** Of a prompt answer: how far it is with counting events one by one. Null: it will not get better. */
  counting: Counting | null
}

export interface Counting {
  done: number
  total: number
}
