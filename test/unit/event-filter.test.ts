import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileFilter } from '../../src/fold/event-filter.js'
import type { EventFilter, FilterTerm } from '../../src/protocol/event-filter.js'

const compile = (...all: FilterTerm[]) => compileFilter({ all })
const value = (path: string, compare: '=' | '!=' | '<' | '<=' | '>' | '>=', wanted: string | number | boolean | null) =>
  compile({ is: 'value', path: path === '' ? [] : path.split('.'), compare, value: wanted })
const event = { topic: 'cart', type: 'paid', id: 'order-7', data: '{"note":"say \\"hi\\"","Amount":3}' }

test('no terms let everything through, and need neither text nor data', () => {
  const filter = compile()
  expect([filter.topic('a'), filter.type('b'), filter.producer('c')]).toEqual([true, true, true])
  expect([filter.since, filter.until, filter.needsText, filter.needsData]).toEqual([-Infinity, Infinity, false, false])
})

test('a name contains what is asked for, letter case ignored', () => {
  expect(compile({ is: 'topic', match: { contains: 'CART' } }).topic('shop-cart')).toBe(true)
  expect(compile({ is: 'topic', match: { contains: 'a.b' } }).topic('axb')).toBe(false)
})

test('every term must hold', () => {
  const filter = compile(
    { is: 'type', match: { contains: 'pa' } },
    { is: 'type', not: true, match: { contains: 'id' } },
  )
  expect([filter.type('pass'), filter.type('paid'), filter.type('tick')]).toEqual([true, false, false])
})

test('a global or sticky pattern gives the same answer every time', () => {
  const filter = compile({ is: 'type', match: { pattern: 'a', flags: 'gy' } })
  expect([filter.type('ba'), filter.type('ba'), filter.type('ba')]).toEqual([true, true, true])
})

test('a pattern that does not compile matches nothing and does not throw', () => {
  expect(compile({ is: 'type', match: { pattern: '(', flags: '' } }).type('(')).toBe(false)
  expect(compile({ is: 'tab', match: { pattern: 'a', flags: 'zz' } }).producer('a')).toBe(false)
})

test('the narrowest of several time bounds holds; a negated bound is the other one', () => {
  const filter = compile(
    { is: 'since', time: 5 },
    { is: 'since', time: 9 },
    { is: 'until', time: 20 },
    { is: 'since', not: true, time: 15 },
  )
  expect([filter.since, filter.until]).toEqual([9, 15])
  expect(compile({ is: 'until', not: true, time: 3 }).since).toBe(3)
})

test('free text is found in topic, type, id and data, letter case ignored', () => {
  for (const text of ['CART', 'Paid', 'order-7', 'amount', '"note"', 'say "hi"']) {
    expect(compile({ is: 'text', text }).text(event), text).toBe(true)
    expect(compile({ is: 'text', text, not: true }).text(event), `not ${text}`).toBe(false)
  }
  expect(compile({ is: 'text', text: 'refund' }).text(event)).toBe(false)
  expect(compile({ is: 'text', text: 'undefined' }).text({ ...event, id: undefined })).toBe(false)
})

test('numbers compare as numbers, bigints and dates included', () => {
  expect(value('amount', '>', 100).data({ amount: 129n })).toBe(true)
  expect(value('amount', '=', 129).data({ amount: 129n })).toBe(true)
  expect(value('amount', '<', 20).data({ amount: 9 })).toBe(true)
  expect(value('at', '>=', 5).data({ at: new Date(5) })).toBe(true)
  expect(value('at', '<', '2026-01-01').data({ at: new Date('2025-06-01') })).toBe(true)
})

test('strings compare as strings, and never with numbers', () => {
  expect(value('id', '=', 'abc').data({ id: 'abc' })).toBe(true)
  expect(value('id', '<', 'b').data({ id: 'abc' })).toBe(true)
  expect(value('id', '=', 5).data({ id: '5' })).toBe(false)
  expect(value('id', '!=', 5).data({ id: '5' })).toBe(true)
  expect(value('id', '>', 5).data({ id: '9' })).toBe(false)
})

test('true, false and null are equal or not, and have no order', () => {
  expect(value('ok', '=', true).data({ ok: true })).toBe(true)
  expect(value('ok', '!=', null).data({ ok: false })).toBe(true)
  expect(value('ok', '=', null).data({ ok: null })).toBe(true)
  expect(value('ok', '>=', false).data({ ok: true })).toBe(false)
})

test('a missing value satisfies no comparison, only a negated term', () => {
  for (const compare of ['=', '!=', '<', '>='] as const) expect(value('a.b', compare, 1).data({ a: 3 })).toBe(false)
  expect(compile({ is: 'value', not: true, path: ['a'], compare: '=', value: 1 }).data(undefined)).toBe(true)
})

test('paths go through objects, arrays and maps, and never reach a prototype', () => {
  expect(value('lines.1.sku', '=', 'B').data({ lines: [{}, { sku: 'B' }] })).toBe(true)
  expect(value('lines.a.n', '=', 2).data({ lines: new Map([['a', { n: 2 }]]) })).toBe(true)
  expect(value('', '=', 7).data(7)).toBe(true)
  expect(value('constructor.name', '=', 'Object').data({})).toBe(false)
  expect(value('size', '=', 0).data(new Map())).toBe(false)
})

test('no filter and no data make it throw', () => {
  const match = fc.oneof(
    fc.record({ contains: fc.string() }),
    fc.record({ pattern: fc.string(), flags: fc.string({ maxLength: 3 }) }),
  )
  const term: fc.Arbitrary<FilterTerm> = fc.oneof(
    fc.record({ is: fc.constantFrom('topic' as const, 'type' as const, 'tab' as const), match, not: fc.boolean() }),
    fc.record({ is: fc.constant('text' as const), text: fc.string(), not: fc.boolean() }),
    fc.record({
      is: fc.constant('value' as const),
      path: fc.array(fc.string(), { maxLength: 3 }),
      compare: fc.constantFrom('=' as const, '!=' as const, '<' as const, '>=' as const),
      value: fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null)),
      not: fc.boolean(),
    }),
  )
  const filter: fc.Arbitrary<EventFilter> = fc.record({ all: fc.array(term, { maxLength: 4 }) })
  fc.assert(
    fc.property(
      filter,
      fc.string(),
      fc.anything({ withBigInt: true, withMap: true, withDate: true }),
      (some, text, data) => {
        const compiled = compileFilter(some)
        const answers = [compiled.topic(text), compiled.type(text), compiled.producer(text), compiled.data(data)]
        answers.push(compiled.text({ topic: text, type: text, data: text }))
        expect(answers.every((answer) => typeof answer === 'boolean')).toBe(true)
      },
    ),
  )
})
