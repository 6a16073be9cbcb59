import type { Schedule, Unit } from '../../core/counters.js'
import { invalidArgument } from '../../core/fault.js'
import { isUnit } from './unit.js'

// What callers give is checked here, in their tab and again where it arrives.

export function assertTimeZone(timeZone: unknown): asserts timeZone is string {
  try {
    if (typeof timeZone !== 'string') throw new TypeError()
    new Intl.DateTimeFormat('en', { timeZone })
  } catch {
    throw invalidArgument('timeZone', "the name of a time zone, like 'Europe/Berlin',", timeZone)
  }
}

const SCHEDULES = ['hours', 'weekdays', 'weekends', 'days']

export function assertSchedule(schedule: unknown): asserts schedule is Schedule {
  const { timeZone, ...kind } = (schedule ?? {}) as Record<string, unknown>
  const [name, ...more] = Object.keys(kind)
  if (name === undefined || more.length > 0 || !SCHEDULES.includes(name)) {
    throw invalidArgument('schedule', 'one of { hours }, { weekdays: true }, { weekends: true } and { days }', schedule)
  }
  const value = kind[name]
  if (name === 'hours') {
    const [start, end, ...rest] = Array.isArray(value) ? (value as unknown[]) : []
    if (!isWhole(start, 0, 23) || !isWhole(end, start + 1, 24) || rest.length > 0) {
      throw invalidArgument('hours', '[start, end] of whole hours, 0 <= start < end <= 24,', value)
    }
  } else if (name === 'days') {
    if (!Array.isArray(value) || value.length === 0 || !value.every((day) => isWhole(day, 1, 7))) {
      throw invalidArgument('days', 'a list of ISO days, 1 (Monday) to 7,', value)
    }
  } else if (value !== true) throw invalidArgument(name, 'true', value)
  if (timeZone !== undefined) assertTimeZone(timeZone)
}

/** A counter's name: the longest there are of an event's topic and type fit. */
export function assertId(id: unknown, field = 'id'): asserts id is string {
  if (typeof id !== 'string' || id.length === 0 || id.length > 8192) {
    throw invalidArgument(field, 'a string of 1 to 8192 characters', id)
  }
}

export function assertUnit(unit: unknown): asserts unit is Unit {
  if (!isUnit(unit)) throw invalidArgument('unit', "'second', 'minute', 'hour', 'day', 'week', 'month' or 'year'", unit)
}

export function assertWhole(field: string, value: unknown, least: number): asserts value is number {
  if (!isWhole(value, least, Number.MAX_SAFE_INTEGER)) {
    throw invalidArgument(field, `a whole number of at least ${least}`, value)
  }
}

export function isWhole(value: unknown, least: number, most: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
}
