import type { TopicInfo } from '../core/event.js'
import { storeError } from '../core/fault.js'
import type { StoreExport } from '../core/store.js'
import { shownJson } from './invalid-file.js'

/** Raised whenever a file is written that a reader of the version before would misread. */
export const EXPORT_VERSION = 1

/** What a file says of itself: everything of it but the events. */
export interface ArchiveHeader extends Omit<StoreExport, 'events'> {
  /** How many events the file holds: a file cut short between two lines is known by it. */
  count?: number
}

const FIELDS = new Set(['format', 'version', 'store', 'exportedAt', 'sequence', 'topics', 'counters', 'count'])

// Throws 'incompatible' for a later version, else an Error whose message completes the sentence 'Line 1 of the file: …'.
export function checkHeader(members: ReadonlyMap<string, unknown>): ArchiveHeader {
  const field = (name: string): unknown => members.get(name)
  if (field('format') !== 'tabscribe') {
    throw new Error(`it is no export of tabscribe: "format" is ${shownJson(field('format'))}`)
  }
  const version = field('version')
  if (!isWhole(version) || version < 1) throw mustBe('version', 'a version number', version)
  if (version > EXPORT_VERSION) {
    throw storeError(
      'incompatible',
      `The file was written by a later version of tabscribe (format version ${version}, this one reads up to ` +
        `${EXPORT_VERSION}): reload the page to get it, or update the package.`,
      { version, supported: EXPORT_VERSION },
    )
  }
  for (const name of members.keys()) {
    if (!FIELDS.has(name))
      throw new Error(`its header has a field version ${version} does not know: "${name.slice(0, 40)}"`)
  }
  const [store, exportedAt, sequence, count] = [field('store'), field('exportedAt'), field('sequence'), field('count')]
  if (!isName(store)) throw mustBe('store', 'a name', store)
  if (typeof exportedAt !== 'number') throw mustBe('exportedAt', 'a time in milliseconds', exportedAt)
  if (!isWhole(sequence) && sequence !== -1) throw mustBe('sequence', 'a whole number from -1 on', sequence)
  if (count !== undefined && !isWhole(count)) throw mustBe('count', 'a whole number', count)
  const counters = field('counters')
  if (counters !== undefined && (typeof counters !== 'object' || counters === null)) {
    throw mustBe('counters', 'an object', counters)
  }
  return {
    format: 'tabscribe',
    version,
    store,
    exportedAt,
    sequence,
    topics: checkTopics(field('topics')),
    ...(count === undefined ? {} : { count }),
    ...(counters === undefined ? {} : { counters: counters as StoreExport['counters'] & {} }),
  }
}

function checkTopics(value: unknown): TopicInfo[] {
  if (!Array.isArray(value)) throw mustBe('topics', 'an array', value)
  const names = new Set<string>()
  for (const topic of value as unknown[]) {
    if (typeof topic !== 'object' || topic === null) throw mustBe('topics', 'made of objects', topic)
    const { name, first, next, count, bytes, firstTime, lastTime } = topic as Record<string, unknown>
    if (!isName(name)) throw mustBe('topics[].name', 'a name', name)
    if (names.has(name)) throw new Error(`topic '${name}' is there twice`)
    names.add(name)
    for (const [field, number] of Object.entries({ next, count, bytes })) {
      if (!isWhole(number)) throw mustBe(`topics[].${field}`, 'a whole number', number)
    }
    if (first !== null && !isWhole(first)) throw mustBe('topics[].first', 'a whole number or null', first)
    for (const [field, time] of Object.entries({ firstTime, lastTime })) {
      if (time !== null && typeof time !== 'number') throw mustBe(`topics[].${field}`, 'a time or null', time)
    }
  }
  return value as TopicInfo[]
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 256
}

function mustBe(field: string, expected: string, actual: unknown): Error {
  return new Error(`"${field}" must be ${expected}, not ${shownJson(actual)}`)
}
