import type { Unit } from '../../core/counters.js'
import { DAY_MS, HOUR_MS, UNIT_MS } from './unit.js'
import { ownTimeZone, zoneNamed, type Zone } from './zone.js'

/** One bucket of a unit: its number and the instants it lies between, half-open. Numbers rise with time, one by one. */
export interface Span {
  index: number
  start: number
  end: number
}

/** How time is cut into buckets. */
export interface Calendar {
  /** Two calendars of one name cut alike. */
  readonly name: string
  readonly timeZone: string
  spanAt(unit: Unit, time: number): Span
  startOf(unit: Unit, index: number): number
}

export function uniformCalendar(timeZone = ownTimeZone()): Calendar {
  return { name: 'uniform', timeZone, ...fixedSpans(UNIT_MS, 0) }
}

/** Where clocks change by part of an hour (Lord Howe Island), hours begin as in winter, all year. */
const SOUTHERN_WINTER = Date.UTC(2024, 6, 1)

/**
 * Days begin at the zone's midnights and are as long as its clocks make them; weeks begin on Mondays. Hours, minutes and
 * seconds have fixed lengths, and hours begin where the zone's clocks show full ones.
 */
export function localCalendar(timeZone = ownTimeZone()): Calendar {
  const zone = zoneNamed(timeZone)
  const phase = zone.offsetAt(SOUTHERN_WINTER) % HOUR_MS
  const [plain, hours] = [fixedSpans(UNIT_MS, 0), fixedSpans(UNIT_MS, phase)]
  return {
    name: `local ${timeZone}`,
    timeZone,
    spanAt(unit, time) {
      if (isLong(unit)) return longSpan(zone, unit, LONG[unit].indexOf(zone.dayOf(time)))
      return (unit === 'hour' ? hours : plain).spanAt(unit, time)
    },
    startOf(unit, index) {
      if (isLong(unit)) return zone.startOfDay(LONG[unit].firstDay(index))
      return (unit === 'hour' ? hours : plain).startOf(unit, index)
    },
  }
}

function fixedSpans(lengths: Record<Unit, number>, phase: number): Pick<Calendar, 'spanAt' | 'startOf'> {
  const startOf = (unit: Unit, index: number): number => index * lengths[unit] - phase
  return {
    startOf,
    spanAt(unit, time) {
      const index = Math.floor((time + phase) / lengths[unit])
      return { index, start: startOf(unit, index), end: startOf(unit, index + 1) }
    },
  }
}

interface LongUnit {
  indexOf(day: number): number
  firstDay(index: number): number
}

// 1 January 1970 was a Thursday.
const LONG: Record<'day' | 'week' | 'month' | 'year', LongUnit> = {
  day: { indexOf: (day) => day, firstDay: (index) => index },
  week: { indexOf: (day) => Math.floor((day + 3) / 7), firstDay: (index) => index * 7 - 3 },
  month: {
    indexOf(day) {
      const date = new Date(day * DAY_MS)
      return date.getUTCFullYear() * 12 + date.getUTCMonth()
    },
    firstDay: (index) => Date.UTC(Math.floor(index / 12), index - Math.floor(index / 12) * 12) / DAY_MS,
  },
  year: {
    indexOf: (day) => new Date(day * DAY_MS).getUTCFullYear(),
    firstDay: (index) => Date.UTC(index, 0) / DAY_MS,
  },
}

function isLong(unit: Unit): unit is keyof typeof LONG {
  return Object.hasOwn(LONG, unit)
}

function longSpan(zone: Zone, unit: keyof typeof LONG, index: number): Span {
  const { firstDay } = LONG[unit]
  return { index, start: zone.startOfDay(firstDay(index)), end: zone.startOfDay(firstDay(index + 1)) }
}
