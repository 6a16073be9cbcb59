import type { CounterOptions, TrackedInterval, Unit } from '../../core/counters.js'
import { localCalendar, uniformCalendar, type Calendar, type Span } from './calendar.js'
import { PRESETS } from './presets.js'
import { UNITS, UNIT_MS } from './unit.js'

const DEFAULT_TRACK: CounterOptions['track'] = { minute: 60, hour: 72, day: 56, week: 52, month: 12, year: 4 }

/** One unit of a layout. A bucket more than asked for is kept: a window that is no multiple of a bucket touches one more. */
interface Track extends TrackedInterval {
  /** Where its slots begin among all of a counter's. */
  offset: number
  slots: number
}

/** Where a time falls: the bucket of each track, and how long all of that holds. */
export interface Moment {
  readonly indices: Float64Array
  readonly start: number
  readonly end: number
}

/** Which buckets every counter has. */
export class Layout {
  /** Two layouts of one name are alike. */
  readonly name: string
  readonly calendar: Calendar
  readonly tracks: readonly Track[]
  readonly slots: number
  readonly #spans: (Span | undefined)[] = []
  #last: Moment = { indices: new Float64Array(0), start: 0, end: 0 }

  constructor({ track, preset, calendar, timeZone }: CounterOptions) {
    const kept = preset || track ? { ...(preset && PRESETS[preset]), ...track } : DEFAULT_TRACK!
    this.calendar = (calendar === 'uniform' ? uniformCalendar : localCalendar)(timeZone)
    let offset = 0
    this.tracks = UNITS.flatMap((unit) => {
      const buckets = kept[unit]
      if (buckets === undefined) return []
      const own = { unit, buckets, offset, slots: buckets + 1 }
      offset += own.slots
      return [own]
    })
    this.slots = offset
    this.name = `${this.calendar.name} ${this.tracks.map(({ unit, buckets }) => `${unit} ${buckets}`).join(' ')}`
  }

  get tracked(): TrackedInterval[] {
    return this.tracks.map(({ unit, buckets }) => ({ unit, buckets }))
  }

  // Of many times in a row most fall where the last one did.
  at(time: number): Moment {
    const last = this.#last
    if (time >= last.start && time < last.end) return last
    let [start, end] = [-Infinity, Infinity]
    const indices = Float64Array.from(this.tracks, ({ unit }, at) => {
      const known = this.#spans[at]
      const span = known && time >= known.start && time < known.end ? known : this.calendar.spanAt(unit, time)
      this.#spans[at] = span
      start = Math.max(start, span.start)
      end = Math.min(end, span.end)
      return span.index
    })
    return (this.#last = { indices, start, end })
  }

  /** Nothing before it is in any bucket, as seen from `now`. What lies after it need not be. */
  oldestAt(now: number): number {
    return now - Math.max(0, ...this.tracks.map(({ unit, slots }) => slots * LONGEST_MS[unit]))
  }
}

/** Null for what is no layout's name. */
export function layoutNamed(name: string): Layout | null {
  const [, calendar, timeZone, tracks] = /^(uniform|local (\S+)) (.*)$/.exec(name) ?? []
  try {
    const track = Object.fromEntries(
      [...tracks!.matchAll(/(\w+) (\d+)/g)].map(([, unit, kept]) => [unit, Number(kept)]),
    )
    const layout = new Layout({
      track,
      calendar: calendar === 'uniform' ? calendar : 'local',
      ...(timeZone && { timeZone }),
    })
    return layout.name === name ? layout : null
  } catch {
    return null
  }
}

/** With what leap years and clocks may add. */
const LONGEST_MS = Object.fromEntries(UNITS.map((unit) => [unit, UNIT_MS[unit] * 1.15])) as Record<Unit, number>
