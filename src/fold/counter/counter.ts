import type { Unit } from '../../core/counters.js'
import { addUp, Buckets } from './buckets.js'
import type { Layout, Moment } from './layout.js'

/** When a part last changed: a newer one takes the place of an older one of the same replica. */
export type Stamp = readonly [epoch: number, revision: number]

export function isNewer(a: Stamp, b: Stamp): boolean {
  return a[0] === b[0] ? a[1] > b[1] : a[0] > b[0]
}

/** What another replica counted. */
export interface MergedPart {
  replica: string
  stamp: Stamp
  buckets: Buckets
}

/** One id: what this store counted, and what was merged into it, which stays apart. */
export class Counter {
  readonly own: Buckets
  stamp: Stamp
  merged: readonly MergedPart[]

  constructor(layout: Layout, own = new Buckets(layout), stamp: Stamp = [0, 0], merged: readonly MergedPart[] = []) {
    this.own = own
    this.stamp = stamp
    this.merged = merged
  }

  get layout(): Layout {
    return this.own.layout
  }

  get parts(): Buckets[] {
    return this.merged.length === 0 ? [this.own] : [this.own, ...this.merged.map(({ buckets }) => buckets)]
  }

  get total(): number {
    return this.parts.reduce((sum, { total }) => addUp(sum, total), 0)
  }

  /** When it last happened; -Infinity if never. */
  get last(): number {
    return this.parts.reduce((last, part) => Math.max(last, part.last), -Infinity)
  }

  /** Buckets from..to of a track, 0 being the current one. A clock that went back does not take the newest away. */
  read(track: number, from: number, to: number, now: Moment): number[] {
    const { parts } = this
    const newest = this.newestAt(track, now)
    return Array.from({ length: Math.max(0, to - from) }, (_, n) =>
      parts.reduce((sum, part) => addUp(sum, part.get(track, newest - from - n)), 0),
    )
  }

  newestAt(track: number, now: Moment): number {
    return this.parts.reduce((newest, part) => Math.max(newest, part.newest[track]!), now.indices[track]!)
  }

  /** Milliseconds since it last and first happened; null for what no bucket reaches back to. */
  seen(now: number): { last: number | null; first: number | null } {
    const first = this.parts.reduce((least, part) => Math.min(least, part.first), Infinity)
    const elapsed = (time: number): number | null => (this.#reaches(time, now) ? Math.max(0, now - time) : null)
    return { last: elapsed(this.last), first: elapsed(first) ?? elapsed(this.#oldestBucket(now)) }
  }

  #reaches(time: number, now: number): boolean {
    if (!Number.isFinite(time)) return false
    const moment = this.layout.at(now)
    const then = this.layout.at(time)
    return this.layout.tracks.some(({ slots }, track) => then.indices[track]! > moment.indices[track]! - slots)
  }

  // Of what is left in the buckets: when the first of it may have happened.
  #oldestBucket(now: number): number {
    const moment = this.layout.at(now)
    let oldest = Infinity
    this.layout.tracks.forEach(({ unit, slots }, track) => {
      const newest = this.newestAt(track, moment)
      const behind = this.read(track, 0, slots, moment).findLastIndex((count) => count > 0)
      if (behind >= 0) oldest = Math.min(oldest, this.layout.calendar.startOf(unit, newest - behind))
    })
    return oldest
  }
}

/** Which buckets a question is about, 0 being the current one; `unit` null: all there ever was. */
export interface Range {
  unit: Unit | null
  start: number
  end: number
}

/** Newest first. Null: never seen, or the unit is not tracked. */
export function bucketsIn(
  counter: Counter | null,
  { unit, start, end }: Range,
  layout: Layout,
  now: number,
): number[] | null {
  const track = layout.tracks.findIndex((own) => own.unit === unit)
  if (counter === null) return null
  if (unit === null) return [counter.total]
  if (track < 0) return null
  return counter.read(track, start, Math.min(end, layout.tracks[track]!.buckets), layout.at(now))
}

/** Null when none was seen. */
export function sumOfBuckets(all: readonly (number[] | null)[]): number[] | null {
  const seen = all.filter((own) => own !== null)
  if (seen.length < 2) return seen[0] ?? null
  return seen[0]!.map((_, at) => seen.reduce((sum, own) => addUp(sum, own[at]!), 0))
}
