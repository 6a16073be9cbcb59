import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseFilter, withoutType } from '../../panel/model/filter-language.js'
import { compileFilter } from '../../src/fold/event-filter.js'

const now = new Date(2026, 10, 20, 12, 30).getTime()
const local = (...parts: [number, number, number, number?, number?, number?, number?]): number =>
  new Date(parts[0], parts[1] - 1, parts[2], ...(parts.slice(3) as number[])).getTime()
const parse = (text: string, producer: string | null = 'a1b2c3') => parseFilter(text, { now, producer })
const terms = (text: string) => {
  const { filter, errors } = parse(text)
  expect(errors, text).toEqual([])
  return filter.all
}
const problem = (text: string, producer?: null) => {
  const { errors, filter } = parse(text, producer)
  expect(filter.all).toEqual([])
  expect(errors).toHaveLength(1)
  return errors[0]
}

test('an empty search asks for everything', () => {
  expect(parse('  ')).toEqual({ filter: { all: [] }, errors: [] })
})

test('topic and type take a part of the name, a quoted one, or a pattern', () => {
  expect(terms('topic:cart type:"two words" type:/paid$/i')).toEqual([
    { is: 'topic', match: { contains: 'cart' } },
    { is: 'type', match: { contains: 'two words' } },
    { is: 'type', match: { pattern: 'paid$', flags: 'i' } },
  ])
})

test('a pattern may hold spaces, escaped slashes and slashes in a class', () => {
  expect(terms(String.raw`type:/a b\/[/]/ x`)).toEqual([
    { is: 'type', match: { pattern: String.raw`a b\/[/]`, flags: '' } },
    { is: 'text', text: 'x' },
  ])
})

test('a leading minus excludes; a minus alone is text', () => {
  expect(terms('-type:tick -word -"two words" -data.ok=true -')).toEqual([
    { is: 'type', match: { contains: 'tick' }, not: true },
    { is: 'text', text: 'word', not: true },
    { is: 'text', text: 'two words', not: true },
    { is: 'value', path: ['ok'], compare: '=', value: true, not: true },
    { is: 'text', text: '-' },
  ])
})

test('tab:me is this tab exactly, any other tab the beginning of an id', () => {
  expect(terms('tab:me tab:7be2')).toEqual([
    { is: 'tab', match: { pattern: '^a1b2c3$', flags: '' } },
    { is: 'tab', match: { pattern: '^7be2', flags: 'i' } },
  ])
  expect(problem('tab:me', null)?.message).toBe('A file has no tab of its own, so tab:me means nothing here.')
})

test('times are of today, of a date, or counted back from now', () => {
  const time = (text: string) => (terms(`since:${text}`)[0] as { time: number }).time
  expect(time('10:00')).toBe(local(2026, 11, 20, 10))
  expect(time('9:05:07.5')).toBe(local(2026, 11, 20, 9, 5, 7, 500))
  expect(time('2026-11-19')).toBe(local(2026, 11, 19))
  expect(time('2026-11-20T10:00')).toBe(local(2026, 11, 20, 10))
  expect(time('-5m')).toBe(now - 300_000)
  expect(time('-1.5h')).toBe(now - 5_400_000)
  expect(time('now')).toBe(now)
  expect(time('1795000000000')).toBe(1_795_000_000_000)
  expect(terms('until:-250ms')).toEqual([{ is: 'until', time: now - 250 }])
})

test('a day or an hour that does not exist is not a time', () => {
  for (const text of ['2026-02-30', '25:00', '10:61', 'soon']) {
    expect(problem(`since:${text}`)?.message).toBe(
      `“${text}” is not a time. Write since:10:00, since:2026-11-20T10:00 or since:-5m.`,
    )
  }
})

test('values are compared at paths, with or without spaces round the sign', () => {
  expect(terms('data.amount>100 data.user.id="abc" data.ok = true data.n <= -1.5e3 data!=null')).toEqual([
    { is: 'value', path: ['amount'], compare: '>', value: 100 },
    { is: 'value', path: ['user', 'id'], compare: '=', value: 'abc' },
    { is: 'value', path: ['ok'], compare: '=', value: true },
    { is: 'value', path: ['n'], compare: '<=', value: -1500 },
    { is: 'value', path: [], compare: '!=', value: null },
  ])
})

test('paths take indexes and quoted keys', () => {
  expect(terms('data.lines[0]["a key"].x=1')).toEqual([
    { is: 'value', path: ['lines', '0', 'a key', 'x'], compare: '=', value: 1 },
  ])
})

test('what looks like a number is one, the rest is text', () => {
  const read = (text: string) => (terms(`data.a=${text}`)[0] as { value: unknown }).value
  expect(['007', '5', '129n', '.5', 'e5', '1a', '"5"', 'abc'].map(read)).toEqual([
    '007',
    5,
    129,
    0.5,
    'e5',
    '1a',
    '5',
    'abc',
  ])
})

test('words and quoted text are looked for everywhere', () => {
  expect(terms('refund "say \\"hi\\"" http://x')).toEqual([
    { is: 'text', text: 'refund' },
    { is: 'text', text: 'say "hi"' },
    { is: 'text', text: 'http://x' },
  ])
})

test('an error says what is wrong and where, and the other terms still count', () => {
  const text = 'topic:cart type:/(/ tick'
  const { filter, errors } = parse(text)
  expect(filter.all).toEqual([
    { is: 'topic', match: { contains: 'cart' } },
    { is: 'text', text: 'tick' },
  ])
  expect(errors.map(({ from, to }) => text.slice(from, to))).toEqual(['type:/(/'])
  expect(errors[0]?.message).toMatch(/^The pattern \/\(\/ is not valid: .+\.$/)
})

test.each([
  ['topic:', 'Say which topic: topic:cart or a pattern, topic:/^ca/i.'],
  ['tab:', 'Say which tab: tab:me or the first characters of its id.'],
  ['since:', 'Say a time: since:10:00, since:2026-11-20T10:00 or since:-5m.'],
  ['type:/a', 'The pattern has no closing slash: write it as in type:/paid$/i.'],
  ['"abc', 'The quoted text has no closing quote.'],
  ['data.amount', 'Compare data.amount with something, as in data.amount>100 or data.amount="abc".'],
  ['data.amount>', 'Say what data.amount is compared with, as in data.amount>100.'],
  ['data.ok>true', 'true has no order: compare it with = or !=.'],
  ['data.a[x]=1', 'The path is not finished: write data.user.id, data.lines[0] or data["a key"].'],
])('%s is answered with a sentence', (text, message) => {
  expect(problem(text)).toEqual({ from: 0, to: text.length, message })
})

test('no text makes it throw, and every error lies inside the text', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom('-', '"', 'type:', '/', 'data', '.', '[', ']', '>=', 'since:', 'tab:me', ' ', '\\', '(', 'null'),
  )
  fc.assert(
    fc.property(
      fc.array(piece).map((pieces) => pieces.join('')),
      (text) => {
        for (const { from, to } of parse(text).errors) expect(0 <= from && from < to && to <= text.length).toBe(true)
      },
    ),
    { numRuns: 2000 },
  )
})

test.each(['tick', 'a b', 'x/y', '$(1)', 'say "no"'])(
  'hiding the type %j leaves out it alone, whatever the filter was',
  (type) => {
    const text = withoutType('topic:cart ', type)
    const { filter, errors } = parse(text)
    const { type: passes } = compileFilter(filter)
    expect(errors).toEqual([])
    expect(filter.all[0]).toEqual({ is: 'topic', match: { contains: 'cart' } })
    expect([type, `${type}s`, `un${type}`].map(passes)).toEqual([false, true, true])
  },
)
