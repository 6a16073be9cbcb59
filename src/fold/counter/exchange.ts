import type { CounterExport, TrackedInterval } from '../../core/counters.js'
import { storeError } from '../../core/fault.js'
import { shownJson } from '../../codec/invalid-file.js'
import { assertTimeZone } from './check.js'
import { dateBuckets, placeBuckets, type DatedBuckets } from './convert.js'
import type { Counter, MergedPart, Stamp } from './counter.js'
import type { Layout } from './layout.js'
import { isUnit } from './unit.js'

/** Raised whenever counters are written that a reader of the version before would misread. */
export const COUNTERS_VERSION = 1

/** Of a unit: more than any layout has. */
const MOST_BUCKETS = 10_001

/** A part of a counter in a file. Each replica's is whole: a newer one takes its place. */
interface FilePart extends Omit<DatedBuckets, 'first' | 'last'> {
  replica: string
  stamp: Stamp
  first: number | null
  last: number | null
}

/** Counters of a file, checked. */
export interface CheckedCounters {
  tracked: TrackedInterval[] | null
  timeZone: string | null
  counters: Map<string, FilePart[]>
}

export function exportCounters(replica: string, layout: Layout, counters: Iterable<[string, Counter]>): CounterExport {
  return {
    format: 'tabscribe-counters',
    version: COUNTERS_VERSION,
    replica,
    tracked: layout.tracked,
    timeZone: layout.calendar.timeZone,
    // An id may be '__proto__': only a property that is defined, not assigned, is one of the object's own.
    counters: Object.fromEntries(Array.from(counters, ([id, counter]) => [id, { parts: partsOf(replica, counter) }])),
  }
}

function partsOf(replica: string, { own, stamp, merged }: Counter): FilePart[] {
  return [{ replica, stamp, buckets: own }, ...merged].map(({ replica, stamp, buckets }) => {
    const { first, last, ...dated } = dateBuckets(buckets)
    return { replica, stamp, ...dated, first: finite(first), last: finite(last) }
  })
}

/** The parts in a layout: this store's own, if it is there, and those of others. */
export function placeParts(
  parts: readonly FilePart[],
  ownReplica: string,
  layout: Layout,
  now: number,
): { own: MergedPart | null; others: MergedPart[] } {
  const placed = parts.map(({ replica, stamp, first, last, ...dated }): MergedPart => {
    const buckets = placeBuckets({ ...dated, first: first ?? Infinity, last: last ?? -Infinity }, layout, now)
    return { replica, stamp, buckets }
  })
  return {
    own: placed.find(({ replica }) => replica === ownReplica) ?? null,
    others: placed.filter(({ replica }) => replica !== ownReplica),
  }
}

// Throws 'invalid-file' with the name of the field, or 'incompatible' for a later version.
export function checkCounters(data: unknown): CheckedCounters {
  const { format, version, replica, tracked, timeZone, counters } = object('counters', data)
  if (format !== 'tabscribe-counters') throw mustBe('format', "'tabscribe-counters'", format)
  if (!isWhole(version) || version < 1) throw mustBe('version', 'a version number', version)
  if (version > COUNTERS_VERSION) {
    throw storeError(
      'incompatible',
      `The counters were exported by a later version of tabscribe (${version}, this one reads up to ${COUNTERS_VERSION}): update it.`,
      { version, supported: COUNTERS_VERSION },
    )
  }
  name('replica', replica)
  if (timeZone !== undefined) checkTimeZone(timeZone)
  return {
    tracked: tracked === undefined ? null : checkTracked(tracked),
    timeZone: timeZone === undefined ? null : (timeZone as string),
    counters: new Map(
      Object.entries(object('counters', counters)).map(([id, counter]) => {
        name('counters', id)
        const at = `counters[${shownJson(id)}]`
        const { parts } = object(at, counter)
        const checked = list(`${at}.parts`, parts, 10_000).map((part, n) => checkPart(`${at}.parts[${n}]`, part))
        if (new Set(checked.map((part) => part.replica)).size !== checked.length) {
          throw mustBe(`${at}.parts`, 'of different replicas', parts)
        }
        return [id, checked]
      }),
    ),
  }
}

function checkTracked(value: unknown): TrackedInterval[] {
  const units = new Set<unknown>()
  for (const own of list('tracked', value, 7)) {
    const { unit, buckets } = object('tracked', own)
    if (!isUnit(unit) || units.has(unit)) throw mustBe('tracked[].unit', 'a unit, named once', unit)
    if (!isWhole(buckets) || buckets < 1 || buckets > MOST_BUCKETS)
      throw mustBe('tracked[].buckets', 'a number', buckets)
    units.add(unit)
  }
  return value as TrackedInterval[]
}

function checkTimeZone(value: unknown): void {
  try {
    assertTimeZone(value)
  } catch {
    throw mustBe('timeZone', 'the name of a time zone', value)
  }
}

function checkPart(at: string, value: unknown): FilePart {
  const { replica, stamp, total, first, last, units } = object(at, value)
  const [epoch, revision, ...more] = list(`${at}.stamp`, stamp, 2)
  if (!isWhole(epoch) || !isWhole(revision) || more.length > 0) throw mustBe(`${at}.stamp`, 'two whole numbers', stamp)
  for (const [field, time] of Object.entries({ first, last })) {
    if (time !== null && !isTime(time)) throw mustBe(`${at}.${field}`, 'a time or null', time)
  }
  const checked: Record<string, [number, number][]> = {}
  for (const [unit, buckets] of Object.entries(object(`${at}.units`, units))) {
    if (!isUnit(unit)) throw mustBe(`${at}.units`, 'of known units', unit)
    checked[unit] = list(`${at}.units.${unit}`, buckets, MOST_BUCKETS).map((pair) => {
      const [start, own] = Array.isArray(pair) ? (pair as unknown[]) : []
      if (!isTime(start) || !isCount(own)) throw mustBe(`${at}.units.${unit}`, 'pairs of a time and a count', pair)
      return [start, own]
    })
  }
  return {
    replica: name(`${at}.replica`, replica),
    stamp: [epoch, revision],
    total: isCount(total) ? total : fail(`${at}.total`, 'a count', total),
    first: first as number | null,
    last: last as number | null,
    units: checked,
  }
}

function object(field: string, value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw mustBe(field, 'an object', value)
  return value as Record<string, unknown>
}

function list(field: string, value: unknown, most: number): unknown[] {
  if (!Array.isArray(value) || value.length > most) throw mustBe(field, `an array of at most ${most}`, value)
  return value
}

function name(field: string, value: unknown): string {
  if (typeof value !== 'string' || value.length === 0 || value.length > 8192) throw mustBe(field, 'a name', value)
  return value
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= 8.64e15
}

function finite(time: number): number | null {
  return Number.isFinite(time) ? time : null
}

function fail(field: string, expected: string, actual: unknown): never {
  throw mustBe(field, expected, actual)
}

function mustBe(field: string, expected: string, actual: unknown): Error {
  const reason = `"${field}" must be ${expected}, not ${shownJson(actual)}`
  return storeError('invalid-file', `The counters cannot be used: ${reason}.`, { reason, field })
}
