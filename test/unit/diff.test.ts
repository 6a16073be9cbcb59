import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diff, type Change } from '../../src/index.js'
import { isSame } from '../../src/fold/diff.js'
import { partAt } from '../../src/fold/parts.js'
import { anyData } from '../kit/any-data.js'

/** A list with nothing in the places that are not named. */
function holed(length: number, entries: Record<number, unknown>): unknown[] {
  return Object.assign(Array.from<unknown>({ length: 0 }), { length }, entries)
}

const bytes = new Uint8Array([1, 2])

describe('diff', () => {
  test.each<[unknown, unknown, Change[]]>([
    [1, 1, []],
    [NaN, NaN, []],
    [0, -0, [{ path: [], kind: 'changed', before: 0, after: -0 }]],
    [1, 1n, [{ path: [], kind: 'changed', before: 1, after: 1n }]],
    [null, {}, [{ path: [], kind: 'changed', before: null, after: {} }]],
    [{}, [], [{ path: [], kind: 'changed', before: {}, after: [] }]],
    [
      { a: 1, b: { c: 2 } },
      { b: { c: 3 }, d: 4 },
      [
        { path: ['a'], kind: 'removed', before: 1 },
        { path: ['d'], kind: 'added', after: 4 },
        { path: ['b', 'c'], kind: 'changed', before: 2, after: 3 },
      ],
    ],
    [{ a: undefined }, {}, [{ path: ['a'], kind: 'removed', before: undefined }]],
    [
      ['a', 'b'],
      ['new', 'a', 'b'],
      [
        { path: [2], kind: 'added', after: 'b' },
        { path: [0], kind: 'changed', before: 'a', after: 'new' },
        { path: [1], kind: 'changed', before: 'b', after: 'a' },
      ],
    ],
    [holed(3, { 0: 1, 2: 3 }), [1, undefined, 3], [{ path: [1], kind: 'added', after: undefined }]],
    [holed(2, { 0: 1 }), [1], [{ path: ['length'], kind: 'changed', before: 2, after: 1 }]],
    [
      new Map<unknown, unknown>([
        ['a', 1],
        [1, 1],
        [1n, 1],
        [true, 1],
      ]),
      new Map<unknown, unknown>([
        [1, 2],
        [1n, 2],
        [true, 2],
      ]),
      [
        { path: ['a'], kind: 'removed', before: 1 },
        { path: [1], kind: 'changed', before: 1, after: 2 },
        { path: ['1n'], kind: 'changed', before: 1, after: 2 },
        { path: ['true'], kind: 'changed', before: 1, after: 2 },
      ],
    ],
    [
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
      new Map([
        ['b', 2],
        ['a', 1],
      ]),
      [],
    ],
    [
      new Map([[{ k: 1 }, 1]]),
      new Map([[{ k: 2 }, 1]]),
      [{ path: ['#0', 0, 'k'], kind: 'changed', before: 1, after: 2 }],
    ],
    [new Set([1, { a: 1 }]), new Set([{ a: 1 }, 1]), []],
    [
      new Set([1, 2]),
      new Set([2, 3]),
      [
        { path: [0], kind: 'removed', before: 1 },
        { path: [1], kind: 'added', after: 3 },
      ],
    ],
    [new Date(1), new Date(1), []],
    [
      { at: new Date(1) },
      { at: new Date(2) },
      [{ path: ['at'], kind: 'changed', before: new Date(1), after: new Date(2) }],
    ],
    [new Date(NaN), new Date(NaN), []],
    [/a/g, /a/g, []],
    [/a/g, /a/i, [{ path: [], kind: 'changed', before: /a/g, after: /a/i }]],
    [new Error('a'), new Error('a'), []],
    [
      new TypeError('a'),
      new Error('a'),
      [{ path: [], kind: 'changed', before: new TypeError('a'), after: new Error('a') }],
    ],
    [bytes, new Uint8Array([1, 3]), [{ path: [1], kind: 'changed', before: 2, after: 3 }]],
    [bytes, new Uint16Array([1, 2]), [{ path: [], kind: 'changed', before: bytes, after: new Uint16Array([1, 2]) }]],
    [bytes.buffer, new Uint8Array([1, 2]).buffer, []],
    [Object(1), Object(1), []],
    [{ ['__proto__']: 1 }, { ['__proto__']: 1 }, []],
    [
      JSON.parse('{"__proto__":1}'),
      JSON.parse('{"__proto__":2}'),
      [{ path: ['__proto__'], kind: 'changed', before: 1, after: 2 }],
    ],
  ])('of %o and %o', (before, after, changes) => {
    // prettier-ignore
    expect(diff(before, after)).toEqual(changes)
  })

  test('follows a cycle once, and finds what differs in it', () => {
    const cyclic = (n: number): unknown => {
      const value: Record<string, unknown> = { n, list: [], error: new Error('x') }
      value['self'] = value
      value['set'] = new Set([value])
      ;(value['error'] as Error).cause = value['error']
      ;(value['list'] as unknown[]).push(value)
      return value
    }
    expect(diff(cyclic(1), cyclic(1))).toEqual([])
    expect(diff(cyclic(1), cyclic(2))).toContainEqual({ path: ['n'], kind: 'changed', before: 1, after: 2 })
  })

  test('of values nested deeper than the stack', () => {
    const deep = (value: unknown): unknown => {
      let nested = value
      for (let level = 0; level < 10_000; level++) nested = [nested]
      return nested
    }
    const [change, ...more] = diff(deep(1), deep(2))
    expect(more).toEqual([])
    expect(change!.path).toHaveLength(10_000)
  })

  test('leaves nothing out', () => {
    const list = Array.from({ length: 50_000 }, (_, n) => n)
    expect(diff(list, list.map((n) => n + 1))).toHaveLength(50_000) // prettier-ignore
  })

  test('finds nothing between a value and its clone', () => {
    fc.assert(
      fc.property(anyData, (value) => {
        expect(diff(value, structuredClone(value))).toEqual([])
      }),
    )
  })

  test('tells at each path what was there and what is', () => {
    fc.assert(
      fc.property(anyData, anyData, (before, after) => {
        const changes = diff(before, after)
        expect(changes.length === 0).toBe(isSame(before, after))
        const parts = changes.filter(({ path }) => path.at(-1) !== 'length')
        const old = parts.filter(({ kind }) => kind !== 'added')
        const now = parts.filter(({ kind }) => kind !== 'removed')
        expect(old.map(({ path }) => partAt(before, path))).toEqual(old.map((own) => ({ value: own.before })))
        expect(now.map(({ path }) => partAt(after, path))).toEqual(now.map((own) => ({ value: own.after })))
        expect(changes.some((own) => own.kind === 'changed' && isSame(own.before, own.after))).toBe(false)
      }),
    )
  })
})
