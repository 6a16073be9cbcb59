export type Unit = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year'

/** 'hour', [1, 'hour'] and { hours: 1 } mean the same: the last 60 minutes. A month is 30 days here, a year 365. Parts are >= 0
 *  and not all 0, except in `ago`, where 0 is now. */
export type TimeWindow =
  | Unit
  | [count: number, unit: Unit]
  | { seconds?: number; minutes?: number; hours?: number; days?: number; weeks?: number }

export interface CounterOptions {
  /** Buckets kept per unit. Default { minute: 60, hour: 72, day: 56, week: 52, month: 12, year: 4 } = 256 buckets. */
  track?: Partial<Record<Unit, number>>
  /** 'rate-limiting': { minute: 60, hour: 72 }. 'analytics': { day: 56, week: 52, month: 12 }. `track` may name other units beside it. */
  preset?: 'rate-limiting' | 'analytics'
  /** 'local' follows midnights, Mondays, months and years, daylight saving included; 'uniform' has fixed lengths from 1 January
   *  1970 UTC on. Default 'local'. */
  calendar?: 'local' | 'uniform'
  /** Default: where the writer runs. */
  timeZone?: string
  /** Every logged event also counts, with its weight, at its own time (a future one at its commit), under `${topic}/${type}`; a
   *  '/' or '%' inside a name is percent-encoded. Default true. */
  countEvents?: boolean
  /** Ids kept at most; past it new ones are refused with a fault. Default 10,000. */
  maxIds?: number
}

export interface TrackedInterval {
  unit: Unit
  buckets: number
}

export interface ReadableCounters {
  query(id: string): CounterQuery
  /** Sums over several ids: of those seen; null if none was. */
  queryMany(ids: string[]): Ranges
  /** null if either was never seen, or the denominator is 0. */
  queryRatio(numerator: string, denominator: string): RatioQuery
  /** The difference; never null. */
  queryDelta(positive: string, negative: string): DeltaQuery
  ids(): Promise<string[]>
  /** As this tab last heard from the writer, finest first. */
  trackedIntervals(): TrackedInterval[]
  /** Bytes of the counters loaded in memory now. */
  memoryUsage(): Promise<number>
  export(options?: { ids?: string[]; dirtyOnly?: boolean }): Promise<CounterExport>
}

export interface Counters extends ReadableCounters {
  /** Synchronous, journaled and committed like a recorded event. `at` in the future throws 'future-event'; too old for every unit is
   *  dropped, its count added to metrics().lateDropped. */
  record(id: string, options?: CountOptions): void
  limit(): Limiter
  /** Records the all-time difference on the lesser side, atomically; returns the count recorded, >= 0. */
  balanceDelta(positive: string, negative: string): Promise<number>
  /** Changed since the last persist(), close() or resetDirty()? A commit alone does not clean. Never flushes. */
  isDirty(): Promise<boolean>
  persist(options?: { all?: boolean }): Promise<void>
  resetDirty(): Promise<void>
  /** Drops what fell out of every bucket, and counters that never counted anything; frees the memory of the others. */
  compact(): Promise<void>
  /** Replaces the ids in it. */
  import(data: CounterExport): Promise<void>
  /** Adds. A newer export of a replica supersedes its earlier merge; the same again, or one's own, changes nothing. */
  merge(data: CounterExport): Promise<void>
  /** Forgets one id, or all. */
  clear(id?: string): Promise<void>
}

/** `count` is a positive whole number, default 1. `at`: epoch milliseconds. */
export interface CountOptions {
  count?: number
  at?: number
  ago?: TimeWindow
}

export interface Ranges {
  lastSeconds(n: number): RangeQuery
  lastMinutes(n: number): RangeQuery
  lastHours(n: number): RangeQuery
  lastDays(n: number): RangeQuery
  lastWeeks(n: number): RangeQuery
  lastMonths(n: number): RangeQuery
  lastYears(n: number): RangeQuery
  /** Everything counted so far: never shrinks as buckets fall off. */
  ever(): RangeQuery
  /** Buckets start..end of a unit, 0 = current: range('day', 7, 14) = the week before the last seven days. */
  range(unit: Unit, start: number, end: number): RangeQuery
}

export interface CounterQuery extends Ranges {
  /** Elapsed milliseconds since it last / first happened, to the resolution of the buckets; null if never or too old for every unit. */
  lastSeen(): Promise<number | null>
  firstSeen(): Promise<number | null>
}

/** null: id never seen, or the unit is not tracked. 0: seen, but not in this range. Buckets past those tracked are not in it. */
export interface RangeQuery {
  sum(): Promise<number | null>
  average(): Promise<number | null>
  averageNonzero(): Promise<number | null>
  countNonzero(): Promise<number | null>
  /** Newest first. */
  buckets(): Promise<number[] | null>
}

export type RatioQuery = { [K in keyof Ranges]: (...range: Parameters<Ranges[K]>) => Promise<number | null> }

export type DeltaQuery = {
  [K in keyof Ranges]: (...range: Parameters<Ranges[K]>) => { sum(): Promise<number>; average(): Promise<number> }
}

/** Immutable: every constraint gives a new limiter. All must pass. */
export interface Limiter {
  atMost(id: string, limit: number, window: TimeWindow): Limiter
  atLeast(id: string, count: number, window: TimeWindow): Limiter
  /** So long since it last happened. */
  cooldown(id: string, duration: TimeWindow): Limiter
  /** No longer since the prerequisite last happened. */
  within(prerequisite: string, duration: TimeWindow): Limiter
  during(schedule: Schedule): Limiter
  outsideOf(schedule: Schedule): Limiter
  /** Rejects with 'limit-exceeded' { id: the constraint's id (null for schedules), checked: the id asked for, constraint: the builder
   *  method's name, retryAfterMs? }; never records. */
  check(id: string): Promise<void>
  /** Resolves after the commit. Atomic across tabs and hosts. */
  checkAndRecord(id: string): Promise<void>
  allowed(id: string): Promise<boolean>
  /** Of the tightest atMost on this id; 'invalid-argument' where there is none. What is reserved counts. */
  usage(id: string): Promise<{ count: number; limit: number; remaining: number }>
  /** Holds a slot until commit, cancel, TTL (default 30 s, by the store's clock) or the tab's death. */
  reserve(id: string, options?: { ttlMs?: number }): Promise<Reservation>
}

export interface Reservation {
  /** Records it. 'not-found' when the slot was let go before. */
  commit(): Promise<void>
  cancel(): Promise<void>
  /** Cancels, unless it was committed. */
  [Symbol.asyncDispose](): Promise<void>
}

/** hours are half-open, 0 <= start < end <= 24; days are ISO, 1 = Monday. Default zone: the store's. */
export type Schedule =
  | { hours: [start: number, end: number]; timeZone?: string }
  | { weekdays: true; timeZone?: string }
  | { weekends: true; timeZone?: string }
  | { days: number[]; timeZone?: string }

/** `tracked` and `timeZone` are those of the store that exported it. */
export type CounterExport = {
  format: 'tabscribe-counters'
  version: number
  replica: string
  tracked?: TrackedInterval[]
  timeZone?: string
  counters: Record<string, unknown>
}
