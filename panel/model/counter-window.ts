import type { Unit } from '../../src/core/counters.js'
import type { TimedValue } from './step-path.js'

const SECOND = 1000
const DAY = 86_400 * SECOND
/** About: months and years follow the calendar where they are counted. */
const LENGTHS: Record<Unit, number> = {
  second: SECOND,
  minute: 60 * SECOND,
  hour: 3600 * SECOND,
  day: DAY,
  week: 7 * DAY,
  month: 30 * DAY,
  year: 365 * DAY,
}

export const UNITS: readonly Unit[] = ['second', 'minute', 'hour', 'day', 'week', 'month', 'year']

/** Buckets are newest first, points oldest first; the newest bucket ends now. */
export function bucketPoints(buckets: readonly number[], unit: Unit, now: number): TimedValue[] {
  const newest = Math.floor(now / LENGTHS[unit]) * LENGTHS[unit]
  const points = buckets.map((value, age) => ({ time: newest - age * LENGTHS[unit], value })).reverse()
  return points.length === 0 ? points : [...points, { time: newest + LENGTHS[unit], value: buckets[0] ?? 0 }]
}
