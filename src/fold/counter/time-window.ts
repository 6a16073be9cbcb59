import { invalidArgument } from '../../core/fault.js'
import { isUnit, UNIT_MS } from './unit.js'

const PARTS = { seconds: 'second', minutes: 'minute', hours: 'hour', days: 'day', weeks: 'week' } as const

const EXPECTED = 'a unit, [count, unit], or an object like { hours: 1 } with parts of at least 0, not all 0,'

/** Milliseconds of a TimeWindow. `least`: 0 where a window of nothing has a meaning. */
export function windowMs(field: string, window: unknown, least: 0 | 1 = 1): number {
  const ms = lengthOf(window)
  if (ms === null || !Number.isFinite(ms) || ms < least) throw invalidArgument(field, EXPECTED, window)
  return ms
}

function lengthOf(window: unknown): number | null {
  if (isUnit(window)) return UNIT_MS[window]
  if (typeof window !== 'object' || window === null) return null
  if (Array.isArray(window)) {
    const [count, unit] = window as unknown[]
    return window.length === 2 && isCount(count) && isUnit(unit) ? count * UNIT_MS[unit] : null
  }
  let ms = 0
  for (const [part, count] of Object.entries(window)) {
    if (!Object.hasOwn(PARTS, part)) return null
    if (count === undefined) continue
    if (!isCount(count)) return null
    ms += count * UNIT_MS[PARTS[part as keyof typeof PARTS]]
  }
  return ms
}

function isCount(count: unknown): count is number {
  return typeof count === 'number' && count >= 0
}
