import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sourceText } from '../../panel/model/source-text.js'
import { preview, summary } from '../../panel/model/value-preview.js'
import {
  CHUNK_TEXT,
  childrenOf,
  isExpandable,
  rootNode,
  visibleRows,
  type TreeNode,
} from '../../panel/model/value-tree.js'

const line = (value: unknown, budget?: number): string =>
  preview(value, budget)
    .map(({ text }) => text)
    .join('')
const root = (value: unknown): TreeNode => rootNode('data', value)
const labels = (node: TreeNode): string[] => childrenOf(node).map(({ label }) => label)

test.each([
  [undefined, 'undefined'],
  [null, 'null'],
  [-0, '-0'],
  [Number.NaN, 'NaN'],
  [129n, '129n'],
  ['a "b"', '"a \\"b\\""'],
  [new Date(0), '1970-01-01T00:00:00.000Z'],
  [new Date(Number.NaN), 'Invalid Date'],
  [/paid$/i, '/paid$/i'],
  [new Uint8Array(3), 'Uint8Array(3)'],
  [new ArrayBuffer(8), 'ArrayBuffer(8)'],
  [new TypeError('no'), 'TypeError: no'],
])('%s is shown as what it is', (value, text) => {
  expect(summary(value)).toBe(text)
})

test('a preview shows what is inside objects, arrays, maps and sets', () => {
  expect(line({ a: [1, { b: 'x' }], m: new Map([['k', 1n]]), s: new Set([true]) })).toBe(
    '{a: [1, {b: "x"}], m: Map(1) {"k" → 1n}, s: Set(1) {true}}',
  )
})

test('a preview of something large is short, and says that there is more', () => {
  const text = line(Array.from({ length: 100_000 }, (_, index) => index))
  expect(text.length).toBeLessThan(160)
  expect(text.endsWith(', …]')).toBe(true)
})

test('a value inside itself is previewed, opened and copied without end', () => {
  const loop: Record<string, unknown> = { a: 1 }
  loop['self'] = loop
  expect(line(loop)).toContain('self')
  expect(isExpandable(childrenOf(root(loop))[1] as TreeNode)).toBe(true)
  expect(sourceText(loop)).toContain('/* circular */ null')
})

test('paths are written as the filter reads them', () => {
  const [user, lines, map] = childrenOf(root({ user: { 'a key': 1 }, lines: [{ sku: 'A' }], map: new Map([['k', 1]]) }))
  expect(childrenOf(user as TreeNode)[0]?.path).toBe('data.user["a key"]')
  expect(childrenOf(childrenOf(lines as TreeNode)[0] as TreeNode)[0]?.path).toBe('data.lines[0].sku')
  expect(childrenOf(map as TreeNode)[0]?.path).toBe('data.map.k')
})

test('a place the filter cannot name has no path', () => {
  expect(childrenOf(root(new Set([1])))[0]?.path).toBeNull()
  expect(childrenOf(root(new Map([[1, 'x']])))[0]?.path).toBeNull()
})

test('a large array opens in ranges, and nothing is left out', () => {
  const ranges = childrenOf(root(Array.from({ length: 25_000 }, (_, index) => index)))
  expect([ranges.length, ranges[0]?.label, ranges[2]?.label]).toEqual([3, '0 … 9999', '20000 … 24999'])
  const inner = childrenOf(ranges[2] as TreeNode)
  expect([inner.length, inner[49]?.label]).toEqual([50, '24900 … 24999'])
  expect(childrenOf(inner[49] as TreeNode).at(-1)).toMatchObject({ label: '24999', path: 'data[24999]', value: 24_999 })
})

test('a long text opens in pieces that make up the whole', () => {
  const text = 'lorem '.repeat(2000)
  const pieces = childrenOf(root(text))
  expect(pieces).toHaveLength(Math.ceil(text.length / CHUNK_TEXT))
  expect(pieces.map(({ range }) => text.slice(range?.from, range?.to)).join('')).toBe(text)
})

test('an error opens to its name, message, stack and cause', () => {
  expect(labels(root(new Error('no', { cause: 1 })))).toEqual(['name', 'message', 'stack', 'cause'])
})

test('every node of a tree has an id of its own', () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withMap: true, withSet: true, withDate: true }), (value) => {
      const ids = new Set<string>()
      const open = (node: TreeNode, depth: number): void => {
        expect(ids.has(node.id)).toBe(false)
        ids.add(node.id)
        if (depth < 4 && isExpandable(node)) for (const child of childrenOf(node)) open(child, depth + 1)
      }
      open(root(value), 0)
    }),
  )
})

test('the rows of a tree know their level and place', () => {
  const rows = visibleRows([root({ a: 1, b: { c: 2 } })], new Set(['data', 'data/1:b']))
  expect(rows.map(({ node, level, position, siblings }) => [node.label, level, position, siblings])).toEqual([
    ['data', 1, 1, 1],
    ['a', 2, 1, 2],
    ['b', 2, 2, 2],
    ['c', 3, 1, 1],
  ])
})

test('copied JSON is JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const parsed: unknown = JSON.parse(sourceText(value))
      expect(parsed).toEqual(value)
    }),
  )
})

test('what JSON cannot say is copied as the code that makes it', () => {
  const value = { m: new Map([['a', 1n]]), s: new Set([-0]), d: new Date(0), u: undefined, b: new Uint8Array([1, 2]) }
  // oxlint-disable-next-line typescript/no-implied-eval -- that it evaluates is what is tested
  const evaluate = new Function(`return (${sourceText(value)})`) as () => unknown
  expect(evaluate()).toEqual(value)
})
