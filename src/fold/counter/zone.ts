import { DAY_MS, HOUR_MS } from './unit.js'

/** A time zone's clocks, by Intl. Days are numbered from 1 January 1970 on. */
export class Zone {
  readonly name: string
  readonly #format: Intl.DateTimeFormat
  readonly #dayStarts = new Map<number, number>()

  // Throws a RangeError for a zone nobody knows.
  constructor(name: string) {
    this.name = name
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  }

  /** What its clocks show, as if they showed UTC. */
  localTime(time: number): number {
    const second = Math.floor(time / 1000)
    const [month, day, year, hours, minutes, seconds] = this.#format
      .format(second * 1000)
      .match(/\d+/g)!
      .map(Number)
    return Date.UTC(year!, month! - 1, day, hours, minutes, seconds) + (time - second * 1000)
  }

  offsetAt(time: number): number {
    return this.localTime(time) - time
  }

  /** The first instant of a day: midnight, or where clocks skip that, the end of the gap. */
  startOfDay(day: number): number {
    const known = this.#dayStarts.get(day)
    if (known !== undefined) return known
    if (this.#dayStarts.size >= DAYS_KEPT) this.#dayStarts.clear()
    const start = this.instantOf(day * DAY_MS)
    this.#dayStarts.set(day, start)
    return start
  }

  /** The day an instant lies in, by the days' first instants: where clocks go back over midnight, the later day goes on. */
  dayOf(time: number): number {
    const day = Math.floor(this.localTime(time) / DAY_MS)
    return time >= this.startOfDay(day + 1) ? day + 1 : day
  }

  /** The first instant at which the clocks show a time, or one after it. */
  instantOf(local: number): number {
    // Between these lies at most one change of the clocks.
    const [early, late] = [local - 15 * HOUR_MS, local + 13 * HOUR_MS]
    const [before, after] = [this.offsetAt(early), this.offsetAt(late)]
    const first = local - before
    if (before === after || this.offsetAt(first) === before) return first
    const second = local - after
    return this.offsetAt(second) === after ? second : this.#change(early, late, before)
  }

  #change(from: number, to: number, before: number): number {
    while (to - from > 1) {
      const middle = Math.floor((from + to) / 2)
      if (this.offsetAt(middle) === before) from = middle
      else to = middle
    }
    return to
  }
}

const DAYS_KEPT = 4_000

const zones = new Map<string, Zone>()

/** Making one takes long. Throws a RangeError for a zone nobody knows. */
export function zoneNamed(name: string): Zone {
  let zone = zones.get(name)
  if (!zone) zones.set(name, (zone = new Zone(name)))
  return zone
}

export function ownTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}
