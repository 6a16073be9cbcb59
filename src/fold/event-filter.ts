import type { Comparison, EventFilter, FilterTerm, TextMatch } from '../protocol/event-filter.js'

// A filter made ready for a columnar log. Topic, type and producer are asked once per dictionary entry, the time
// bounds once per segment and event, `text` and `data` only for events that passed all of those.
// Nothing here throws: a pattern that does not compile matches nothing (and its negation everything).
export interface CompiledFilter {
  topic(name: string): boolean
  type(name: string): boolean
  producer(id: string): boolean
  /** Inclusive; -Infinity when there is no bound. */
  readonly since: number
  /** Exclusive; Infinity when there is no bound. */
  readonly until: number
  /** False: `text` is always true, so the JSON of the data need not be made. */
  readonly needsText: boolean
  text(fields: SearchableText): boolean
  /** False: `data` is always true, so the data need not be decoded. */
  readonly needsData: boolean
  data(value: unknown): boolean
}

export interface SearchableText {
  topic: string
  type: string
  id?: string | undefined
  /** The JSON text of the data, as stored. */
  data: string
}

type Test<T> = (value: T) => boolean
type ValueTerm = Extract<FilterTerm, { is: 'value' }>

export function compileFilter(filter: EventFilter): CompiledFilter {
  const topic: Test<string>[] = []
  const type: Test<string>[] = []
  const producer: Test<string>[] = []
  const text: Test<SearchableText>[] = []
  const data: Test<unknown>[] = []
  let since = -Infinity
  let until = Infinity

  for (const term of filter.all) {
    const not = term.not === true
    switch (term.is) {
      case 'topic':
        topic.push(negate(nameTest(term.match), not))
        break
      case 'type':
        type.push(negate(nameTest(term.match), not))
        break
      case 'tab':
        producer.push(negate(nameTest(term.match), not))
        break
      case 'text':
        text.push(negate(textTest(term.text), not))
        break
      case 'value':
        data.push(negate(valueTest(term), not))
        break
      default:
        // "Not since noon" is "until noon", and the other way round.
        if ((term.is === 'since') !== not) since = Math.max(since, term.time)
        else until = Math.min(until, term.time)
    }
  }

  return {
    topic: every(topic),
    type: every(type),
    producer: every(producer),
    since,
    until,
    needsText: text.length > 0,
    text: every(text),
    needsData: data.length > 0,
    data: every(data),
  }
}

function every<T>(tests: Test<T>[]): Test<T> {
  const only = tests[0]
  if (only === undefined) return () => true
  if (tests.length === 1) return only
  return (value) => tests.every((test) => test(value))
}

function negate<T>(test: Test<T>, not: boolean): Test<T> {
  return not ? (value) => !test(value) : test
}

function nameTest(match: TextMatch): Test<string> {
  if ('contains' in match) return containsTest(match.contains)
  try {
    // 'g' and 'y' would make the answer depend on the question before.
    const pattern = new RegExp(match.pattern, match.flags.replace(/[gy]/g, ''))
    return (name) => pattern.test(name)
  } catch {
    return () => false
  }
}

/** Letter case ignored. A case-blind pattern needs no lower-cased copy of every haystack. */
function containsTest(needle: string): Test<string> {
  if (needle === '') return () => true
  const pattern = new RegExp(needle.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), 'i')
  return (haystack) => pattern.test(haystack)
}

function textTest(needle: string): Test<SearchableText> {
  const plain = containsTest(needle)
  // In JSON a quote, a backslash or a line break is written with an escape: look for that spelling too.
  const spelling = JSON.stringify(needle).slice(1, -1)
  const escaped = spelling === needle ? () => false : containsTest(spelling)
  return ({ topic, type, id, data }) =>
    plain(data) || escaped(data) || plain(type) || plain(topic) || (id !== undefined && plain(id))
}

const absent = Symbol('absent')

function valueTest({ path, compare, value }: ValueTerm): Test<unknown> {
  return (data) => {
    const found = valueAt(data, path)
    // A missing value equals nothing and differs from nothing; a negated term finds the events without it.
    return found !== absent && holds(found, compare, value)
  }
}

/** Own properties and string keys of maps only: a path never reaches a prototype. */
function valueAt(data: unknown, path: string[]): unknown {
  let value = data
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return absent
    if (value instanceof Map) {
      if (!value.has(key)) return absent
      value = value.get(key)
    } else {
      if (!Object.hasOwn(value, key)) return absent
      value = (value as Record<string, unknown>)[key]
    }
  }
  return value
}

function holds(found: unknown, compare: Comparison, wanted: ValueTerm['value']): boolean {
  const [left, right] = comparable(found, wanted)
  if (left === absent) return compare === '!='
  // oxlint-disable-next-line eqeqeq -- the one way to compare a bigint with a number; both sides are of one kind here
  if (compare === '=') return left == right
  // oxlint-disable-next-line eqeqeq
  if (compare === '!=') return left != right
  if (!isOrdered(left) || !isOrdered(right)) return false
  if (compare === '<') return left < right
  if (compare === '<=') return left <= right
  if (compare === '>') return left > right
  return left >= right
}

function isOrdered(value: unknown): value is number | bigint | string {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string'
}

/** Both sides as one kind, or `absent` where they have none in common. */
function comparable(found: unknown, wanted: ValueTerm['value']): [unknown, unknown] {
  if (found instanceof Date && typeof wanted === 'string') return [found.getTime(), Date.parse(wanted)]
  if (found instanceof Date && typeof wanted === 'number') return [found.getTime(), wanted]
  if (typeof found === 'bigint' && typeof wanted === 'number') return [found, wanted]
  if (found === null || wanted === null) return found === wanted ? [found, wanted] : [absent, absent]
  return typeof found === typeof wanted ? [found, wanted] : [absent, absent]
}
