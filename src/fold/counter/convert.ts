import { Buckets } from './buckets.js'
import type { Layout } from './layout.js'
import { UNITS, UNIT_MS } from './unit.js'
import type { Unit } from '../../core/counters.js'

/** Buckets without a layout, as a file has them: of each unit, when a bucket began and what it counted, newest first. */
export interface DatedBuckets {
  total: number
  first: number
  last: number
  units: Partial<Record<Unit, readonly (readonly [start: number, count: number])[]>>
}

export function dateBuckets(buckets: Buckets): DatedBuckets {
  const { layout, total, first, last, newest } = buckets
  const units: DatedBuckets['units'] = {}
  layout.tracks.forEach(({ unit, slots }, track) => {
    const dated: [number, number][] = []
    for (let behind = 0; behind < slots && newest[track] !== -Infinity; behind++) {
      const index = newest[track]! - behind
      const count = buckets.get(track, index)
      if (count > 0) dated.push([layout.calendar.startOf(unit, index), count])
    }
    units[unit] = dated
  })
  return { total, first, last, units }
}

/**
 * The same counts in a layout. A unit they do not have is filled from the finer one that reaches farthest back, else
 * from the next coarser one. A bucket's counts go where its middle lies: calendars may cut elsewhere. Nothing is placed
 * after `latest`: a clock that was ahead must not push away what is counted from now on.
 */
export function placeBuckets({ total, first, last, units }: DatedBuckets, layout: Layout, latest = Infinity): Buckets {
  const buckets = new Buckets(layout)
  layout.tracks.forEach(({ unit }, track) => {
    const source = sourceFor(unit, units)
    const dated = source === null ? [] : units[source]!
    for (const [start, count] of dated) {
      const middle = start + UNIT_MS[source!] / 2
      const isLast = start <= last && last < start + UNIT_MS[source!]
      const time = Math.min(latest, isLast && source !== unit ? last : middle)
      const { index } = layout.calendar.spanAt(unit, time)
      buckets.set(track, index, count)
    }
  })
  buckets.total = total
  buckets.first = first === Infinity ? first : Math.min(first, latest)
  buckets.last = Math.min(last, latest)
  return buckets
}

function sourceFor(unit: Unit, units: DatedBuckets['units']): Unit | null {
  if (units[unit]) return unit
  const there = UNITS.filter((own) => units[own])
  return (
    there.findLast((own) => UNIT_MS[own] < UNIT_MS[unit]) ?? there.find((own) => UNIT_MS[own] > UNIT_MS[unit]) ?? null
  )
}
