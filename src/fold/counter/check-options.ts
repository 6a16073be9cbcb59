import type { CounterOptions } from '../../core/counters.js'
import { invalidArgument } from '../../core/fault.js'
import { assertTimeZone, isWhole } from './check.js'
import { PRESETS } from './presets.js'
import { isUnit } from './unit.js'

/** Of one unit. */
const MOST_BUCKETS = 10_000

const MOST_IDS = 1_000_000

export function assertCounterOptions(value: unknown): asserts value is CounterOptions {
  if (typeof value !== 'object' || value === null) throw invalidArgument('counters', 'an object', value)
  for (const field of Object.keys(value)) {
    if (!FIELDS.includes(field)) throw invalidArgument('counters', `made of ${FIELDS.join(', ')}`, field)
  }
  const { track, preset, calendar, timeZone, countEvents, maxIds } = value as Record<string, unknown>
  if (preset !== undefined && !(typeof preset === 'string' && Object.hasOwn(PRESETS, preset))) {
    throw invalidArgument('preset', "'rate-limiting' or 'analytics'", preset)
  }
  if (track !== undefined) assertTrack(track, preset === undefined ? {} : PRESETS[preset as keyof typeof PRESETS])
  if (calendar !== undefined && calendar !== 'local' && calendar !== 'uniform') {
    throw invalidArgument('calendar', "'local' or 'uniform'", calendar)
  }
  if (timeZone !== undefined) assertTimeZone(timeZone)
  if (countEvents !== undefined && typeof countEvents !== 'boolean') {
    throw invalidArgument('countEvents', 'true or false', countEvents)
  }
  if (maxIds !== undefined && !isWhole(maxIds, 1, MOST_IDS)) {
    throw invalidArgument('maxIds', `a whole number from 1 to ${MOST_IDS}`, maxIds)
  }
}

const FIELDS = ['track', 'preset', 'calendar', 'timeZone', 'countEvents', 'maxIds']

function assertTrack(track: unknown, preset: CounterOptions['track'] & {}): void {
  if (typeof track !== 'object' || track === null) throw invalidArgument('track', 'an object of units', track)
  const named = Object.entries(track).filter(([, buckets]) => buckets !== undefined)
  if (named.length === 0) throw invalidArgument('track', 'an object of at least one unit', track)
  for (const [unit, buckets] of named) {
    if (!isUnit(unit)) throw invalidArgument('track', 'an object of units', unit)
    if (Object.hasOwn(preset, unit))
      throw invalidArgument(`track.${unit}`, 'left to the preset, which tracks it', buckets)
    if (!isWhole(buckets, 1, MOST_BUCKETS)) {
      throw invalidArgument(`track.${unit}`, `a whole number from 1 to ${MOST_BUCKETS}`, buckets)
    }
  }
}
