import type { Comparison, EventFilter, FilterTerm, TextMatch } from '../../src/protocol/event-filter.js'
import { FilterReader, FilterSyntaxError, type FilterError } from './filter-reader.js'
import { parseTime } from './filter-time.js'

export interface FilterContext {
  /** Epoch milliseconds; `since:-5m` counts back from it. */
  now: number
  /** Who `tab:me` is; null in a file, which has no tab. */
  producer: string | null
}

export interface ParsedFilter {
  filter: EventFilter
  errors: FilterError[]
}

// topic:cart  type:/paid$/i  tab:me  since:-5m  until:10:00  data.amount>100  "free text"  -type:tick
// Terms stand side by side and must all hold; a leading minus excludes. Never throws: what cannot be understood is
// left out of the filter and told in `errors`.
export function parseFilter(text: string, context: FilterContext): ParsedFilter {
  const reader = new FilterReader(text)
  const all: FilterTerm[] = []
  const errors: FilterError[] = []
  for (reader.space(); !reader.done; reader.space()) {
    const from = reader.at
    try {
      all.push(readTerm(reader, context))
    } catch (error) {
      if (!(error instanceof FilterSyntaxError)) throw error
      if (reader.at === from) reader.bareWord()
      errors.push({ from, to: reader.at, message: error.message })
    }
  }
  return { filter: { all }, errors }
}

function readTerm(reader: FilterReader, context: FilterContext): FilterTerm {
  const not = reader.take(/-(?=\S)/y) !== null
  const term = readPositiveTerm(reader, context)
  return not ? { ...term, not } : term
}

function readPositiveTerm(reader: FilterReader, context: FilterContext): FilterTerm {
  if (reader.peek() === '"') return { is: 'text', text: reader.quoted() }
  const key = reader.take(/(topic|type|tab|since|until):/iy)?.[1]?.toLowerCase()
  if (key === 'topic' || key === 'type') return { is: key, match: readMatch(reader, key) }
  if (key === 'tab') return { is: 'tab', match: readTab(reader, context) }
  if (key === 'since' || key === 'until') return { is: key, time: readTime(reader, key, context) }
  if (reader.take(/data(?=[.[=!<>])/y) !== null) return readValue(reader)
  return { is: 'text', text: reader.bareWord() }
}

function readMatch(reader: FilterReader, key: 'topic' | 'type'): TextMatch {
  if (reader.peek() === '/') return reader.pattern()
  const contains = reader.peek() === '"' ? reader.quoted() : reader.bareWord()
  if (contains === '') {
    throw new FilterSyntaxError(
      `Say which ${key}: ${key}:${key === 'topic' ? 'cart' : 'paid'} or a pattern, ${key}:/^ca/i.`,
    )
  }
  return { contains }
}

function readTab(reader: FilterReader, { producer }: FilterContext): TextMatch {
  if (reader.peek() === '/') return reader.pattern()
  const id = reader.peek() === '"' ? reader.quoted() : reader.bareWord()
  if (id === '') throw new FilterSyntaxError('Say which tab: tab:me or the first characters of its id.')
  if (id !== 'me') return { pattern: `^${escapePattern(id)}`, flags: 'i' }
  if (producer === null) throw new FilterSyntaxError('A file has no tab of its own, so tab:me means nothing here.')
  return { pattern: `^${escapePattern(producer)}$`, flags: '' }
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

function readTime(reader: FilterReader, key: 'since' | 'until', { now }: FilterContext): number {
  const text = reader.peek() === '"' ? reader.quoted() : reader.bareWord()
  const example = `${key}:10:00, ${key}:2026-11-20T10:00 or ${key}:-5m`
  if (text === '') throw new FilterSyntaxError(`Say a time: ${example}.`)
  const time = parseTime(text, now)
  if (time === null) throw new FilterSyntaxError(`“${text}” is not a time. Write ${example}.`)
  return time
}

function readValue(reader: FilterReader): FilterTerm {
  const from = reader.at
  const path = readPath(reader)
  const written = `data${reader.text.slice(from, reader.at)}`
  const compare = reader.take(/\s*(!=|<=|>=|==?|<|>)\s*/y)?.[1]?.replace('==', '=') as Comparison | undefined
  if (compare === undefined) {
    reader.bareWord()
    throw new FilterSyntaxError(`Compare ${written} with something, as in ${written}>100 or ${written}="abc".`)
  }
  if (reader.peek() === '"') return { is: 'value', path, compare, value: reader.quoted() }
  const word = reader.bareWord()
  if (word === '') throw new FilterSyntaxError(`Say what ${written} is compared with, as in ${written}${compare}100.`)
  const value = readLiteral(word)
  if ((typeof value === 'boolean' || value === null) && compare !== '=' && compare !== '!=') {
    throw new FilterSyntaxError(`${word} has no order: compare it with = or !=.`)
  }
  return { is: 'value', path, compare, value }
}

function readPath(reader: FilterReader): string[] {
  const path: string[] = []
  for (;;) {
    const plain = reader.take(/\.([^\s.=!<>[\]"]+)|\[(\d+)\]/y)
    if (plain !== null) {
      path.push(plain[1] ?? plain[2] ?? '')
    } else if (reader.take(/\[(?=")/y) !== null) {
      path.push(reader.quoted())
      if (reader.take(/\]/y) === null) throw unfinishedPath(reader)
    } else if (/[.[]/.test(reader.peek())) {
      throw unfinishedPath(reader)
    } else {
      return path
    }
  }
}

function unfinishedPath(reader: FilterReader): FilterSyntaxError {
  reader.bareWord()
  return new FilterSyntaxError('The path is not finished: write data.user.id, data.lines[0] or data["a key"].')
}

function readLiteral(word: string): string | number | boolean | null {
  if (word === 'true' || word === 'false') return word === 'true'
  if (word === 'null') return null
  if (/^-?\d{1,15}n$/.test(word)) return Number(word.slice(0, -1))
  return /^[-+]?(?:(?:0|[1-9]\d*)(?:\.\d+)?|\.\d+)(?:e[-+]?\d+)?$/i.test(word) ? Number(word) : word
}

/** The same filter, which also leaves out the events of a type. */
export function withoutType(filter: string, type: string): string {
  const name = escapePattern(type).replace(/\s/g, '\\s')
  return `${filter.trimEnd()} -type:/^${name}$/`.trimStart()
}
