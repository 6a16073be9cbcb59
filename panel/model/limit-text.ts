import type { Schedule } from '../../src/core/counters.js'
import type { Constraint } from '../../src/fold/counter/limit.js'
import { formatCount, plural } from './format.js'

const UNITS = [
  ['week', 604_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const

/** 15 minutes · 1 hour · 90 seconds · 12 ms: in the longest unit that it is a whole number of. */
export function formatLength(ms: number): string {
  const found = UNITS.find(([, length]) => ms >= length && ms % length === 0)
  return found === undefined ? `${formatCount(Math.round(ms))} ms` : plural(ms / found[1], found[0])
}

/** What it asks, as it was built. */
export function constraintText(constraint: Constraint): { rule: string; id: string | null } {
  switch (constraint.is) {
    case 'atMost':
      return {
        rule: `at most ${formatCount(constraint.limit)} in ${formatLength(constraint.windowMs)}`,
        id: constraint.id,
      }
    case 'atLeast':
      return {
        rule: `at least ${formatCount(constraint.count)} in ${formatLength(constraint.windowMs)}`,
        id: constraint.id,
      }
    case 'cooldown':
      return { rule: `not again for ${formatLength(constraint.windowMs)}`, id: constraint.id }
    case 'within':
      return { rule: `within ${formatLength(constraint.windowMs)} after it`, id: constraint.id }
    default:
      return {
        rule: `${constraint.is === 'during' ? 'during' : 'outside of'} ${scheduleText(constraint.schedule)}`,
        id: null,
      }
  }
}

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

function scheduleText(schedule: Schedule): string {
  const zone = schedule.timeZone === undefined ? '' : `, ${schedule.timeZone}`
  if ('hours' in schedule) return `${schedule.hours[0]}:00 – ${schedule.hours[1]}:00${zone}`
  if ('days' in schedule) return `${schedule.days.map((day) => DAYS[day - 1]).join(', ')}${zone}`
  return `${'weekdays' in schedule ? 'weekdays' : 'weekends'}${zone}`
}
