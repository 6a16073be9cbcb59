import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DataPaths } from '../../panel/model/data-paths.js'
import { parseFilter } from '../../panel/model/filter-language.js'
import { compileFilter } from '../../src/fold/event-filter.js'

function pathsOf(...data: unknown[]): string[] {
  const paths = new DataPaths()
  for (const one of data) paths.learn(one)
  return paths.texts
}

test('a path leads to each value that can be compared, the shortest first', () => {
  const at = new Date(0)
  expect(pathsOf({ user: { id: 'u1', at }, amount: 3n, paid: null, bytes: new Uint8Array(4) }, { tip: 1 })).toEqual([
    'data.amount',
    'data.paid',
    'data.tip',
    'data.user.id',
    'data.user.at',
  ])
})

test('the first item of a list stands for all, and a Map is gone into by its texts', () => {
  const tax = new Map<unknown, unknown>([
    ['vat', 19],
    [7, 'seven'],
  ])
  expect(pathsOf({ lines: [{ sku: 'A' }, { qty: 1 }], tax, none: [] })).toEqual(['data.tax.vat', 'data.lines[0].sku'])
})

test('a key that a line cannot hold is left out', () => {
  expect(pathsOf({ 'two\nlines': 1, one: 1 })).toEqual(['data.one'])
})

test('the filter finds the event by every path that was learnt from its data', () => {
  const key = fc.oneof(fc.string(), fc.constantFrom('a b', 'say "x"', 'back\\slash', '', '0', 'a.b', '=]'))
  const value = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null))
  const data = fc.letrec((tie) => ({
    any: fc.oneof(value, fc.dictionary(key, tie('any')), fc.array(tie('any'), { maxLength: 2 })),
  }))
  fc.assert(
    fc.property(data.any, (data) => {
      for (const path of pathsOf(data)) {
        const { filter, errors } = parseFilter(`${path}!="no such text"`, { now: 0, producer: null })
        expect(errors).toEqual([])
        expect(filter.all).toHaveLength(1)
        expect(compileFilter(filter).data(data)).toBe(true)
      }
    }),
  )
})

test('however much is in the data, a bounded number of paths is kept: those learnt first', () => {
  const wide = (name: string): object =>
    Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`${name}${at}`, at]))
  const paths = pathsOf({ first: 1 }, ...Array.from({ length: 50 }, (_, at) => wide(`k${at}-`)))
  expect(paths).toHaveLength(500)
  expect(paths[0]).toBe('data.first')
  const knot: Record<string, unknown> = { end: 1 }
  knot.self = knot
  expect(pathsOf(knot).at(-1)).toMatch(/^data(\.self){7}\.end$/)
})
