import { formatClock, formatMinute, pad } from './format.js'

export interface TimeTick {
  time: number
  label: string
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 30, 60, 120, 365, 730, 1825, 3650].map((n) => n * DAY),
]

/** Round local times within [since, until), at most `maxTicks` of them. */
export function timeTicks(since: number, until: number, maxTicks: number): TimeTick[] {
  if (!(until > since) || maxTicks < 1) return []
  const step = STEPS.find((size) => (until - since) / size <= maxTicks) ?? (until - since) / maxTicks
  const ticks: TimeTick[] = []
  for (let time = firstTick(since, step); time < until && ticks.length < maxTicks; time = nextTick(time, step)) {
    // A view may begin within the millisecond that a midnight is.
    if (time >= since) ticks.push({ time, label: tickLabel(time, step) })
  }
  return ticks
}

function firstTick(since: number, step: number): number {
  const offset = new Date(since).getTimezoneOffset() * MINUTE
  const time = Math.ceil((since - offset) / step) * step + offset
  return step < DAY ? time : midnight(time, 0)
}

/** Days are walked on the calendar: one of them a year has 23 hours. */
function nextTick(time: number, step: number): number {
  return step < DAY ? time + step : midnight(time, Math.max(1, Math.round(step / DAY)))
}

function midnight(time: number, daysLater: number): number {
  const date = new Date(time + (daysLater === 0 ? HOUR * 2 : 0))
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + daysLater).getTime()
}

function tickLabel(time: number, step: number): string {
  const date = new Date(time)
  if (step >= 365 * DAY) return String(date.getFullYear())
  if (step >= DAY || (date.getHours() === 0 && date.getMinutes() === 0 && step >= MINUTE)) {
    return `${date.getDate()} ${MONTHS[date.getMonth()] ?? ''}`
  }
  if (step >= MINUTE) return formatMinute(time)
  if (step >= SECOND) return `${formatMinute(time)}:${pad(date.getSeconds())}`
  return formatClock(time)
}
