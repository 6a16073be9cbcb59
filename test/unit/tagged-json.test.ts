import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isPlainJson } from '../../src/codec/plain-json.js'
import { encodeTagged, reviveTagged } from '../../src/codec/tagged-json.js'
import { anyData, expectSame } from '../kit/any-data.js'

function roundTrip(value: unknown): unknown {
  const attachments: unknown[] = []
  return reviveTagged(JSON.parse(encodeTagged(structuredClone(value), attachments)), attachments)
}

test('everything structured clone takes comes back equal', () => {
  fc.assert(
    fc.property(anyData, (value) => {
      expectSame(roundTrip(value), structuredClone(value))
    }),
  )
})

test('what counts as plain JSON is given back by JSON exactly', () => {
  fc.assert(
    fc.property(anyData, (value) => {
      fc.pre(isPlainJson(value))
      expectSame(JSON.parse(JSON.stringify(value)), structuredClone(value))
    }),
  )
})

test.each([
  ['a hole', [1, , 3]], // oxlint-disable-line no-sparse-arrays
  ['a named property of an array', Object.assign([1], { extra: true })],
  ['the result of a match', 'abc'.match(/b/)],
  ['a boxed value', Object(1n)],
])('%s comes back equal', (_what, value) => {
  expect(isPlainJson(value)).toBe(false)
  expect(roundTrip(value)).toStrictEqual(structuredClone(value))
})

test('an object met twice is one object again, and a cycle is a cycle', () => {
  const shared = { n: 1 }
  const value = roundTrip({ a: shared, b: shared, list: [shared] }) as Record<string, unknown>
  expect(value['a']).toBe(value['b'])
  const cyclic: { self?: unknown; map: Map<string, unknown> } = { map: new Map() }
  cyclic.self = cyclic
  cyclic.map.set('back', cyclic)
  const back = roundTrip(cyclic) as typeof cyclic
  expect(back.self).toBe(back)
  expect(back.map.get('back')).toBe(back)
})

test('an object that looks like a tag stays an object', () => {
  const value = { $: ['Map', [['a', 1]]] }
  expect(isPlainJson(value)).toBe(false)
  expect(roundTrip(value)).toStrictEqual(value)
})

test("a key '__proto__' never sets a prototype", () => {
  const value = JSON.parse('{"__proto__":{"polluted":true},"at":{"$":["undefined"]}}') as object
  const revived = reviveTagged(value) as Record<string, unknown>
  expect(Object.getPrototypeOf(revived)).toBe(Object.prototype)
  expect(Object.hasOwn(revived, '__proto__')).toBe(true)
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})
