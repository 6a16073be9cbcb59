import type { Schedule } from '../../core/counters.js'
import { DAY_MS, HOUR_MS } from './unit.js'
import { zoneNamed, type Zone } from './zone.js'

export function isDuring(schedule: Schedule, ownZone: string, time: number): boolean {
  const local = zoneNamed(schedule.timeZone ?? ownZone).localTime(time)
  const day = Math.floor(local / DAY_MS)
  if ('hours' in schedule) {
    const hour = Math.floor((local - day * DAY_MS) / HOUR_MS)
    return hour >= schedule.hours[0] && hour < schedule.hours[1]
  }
  // 1 January 1970 was a Thursday.
  return daysOf(schedule).includes(((((day + 3) % 7) + 7) % 7) + 1)
}

/** The next time at which a schedule begins or ends; null: never. */
export function nextChange(schedule: Schedule, ownZone: string, time: number): number | null {
  const zone = zoneNamed(schedule.timeZone ?? ownZone)
  const today = Math.floor(zone.localTime(time) / DAY_MS)
  const before = isDuring(schedule, ownZone, time)
  for (let day = today; day <= today + 8; day++) {
    for (const change of changesOn(schedule, zone, day)) {
      if (change > time && isDuring(schedule, ownZone, change) !== before) return change
    }
  }
  return null
}

function changesOn(schedule: Schedule, zone: Zone, day: number): number[] {
  const hours = 'hours' in schedule ? schedule.hours : [0]
  return hours.map((hour) => zone.instantOf(day * DAY_MS + hour * HOUR_MS))
}

function daysOf(schedule: Exclude<Schedule, { hours: unknown }>): readonly number[] {
  if ('days' in schedule) return schedule.days
  return 'weekdays' in schedule ? [1, 2, 3, 4, 5] : [6, 7]
}
