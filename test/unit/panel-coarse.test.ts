import { expect, test } from 'vitest'
import { coarseLanes, coarseUnit } from '../../panel/model/coarse-lanes.js'

const MINUTE = 60_000
const now = 100 * MINUTE + 30_000
const tracked = [
  { unit: 'minute', buckets: 60 },
  { unit: 'hour', buckets: 72 },
] as const

test('the finest unit that reaches back far enough is taken, else the one that reaches furthest', () => {
  expect(coarseUnit(tracked, now - 30 * MINUTE, now)).toBe('minute')
  expect(coarseUnit(tracked, now - 90 * MINUTE, now)).toBe('hour')
  expect(coarseUnit(tracked, now - 1e12, now)).toBe('hour')
  expect(coarseUnit([], 0, now)).toBe(null)
})

const names = { by: 'topic', topics: ['cart', 'a/b'], types: null } as const
const tile = { since: 98 * MINUTE, until: 102 * MINUTE, bucketMs: MINUTE, buckets: 4 }
const counters = [
  { id: 'cart/paid', buckets: [1, 2, 0, 5], ever: 8 },
  { id: 'cart/added', buckets: [10, 0, 0, 0], ever: 10 },
  { id: 'a%2Fb/x', buckets: [0, 3, 0, 0], ever: 3 },
  { id: 'own/counter', buckets: [9, 9, 9, 9], ever: 36 },
  { id: 'cart/paid/twice', buckets: [9], ever: 9 },
  { id: '%/broken', buckets: [9], ever: 9 },
]

test('events of each topic lie where their minutes were; what is no event of a topic is left out', () => {
  expect(coarseLanes(counters, 'minute', names, tile, now)).toEqual([
    { key: 'cart', counts: Uint32Array.of(0, 2, 11, 0), total: 13 },
    { key: 'a/b', counts: Uint32Array.of(0, 3, 0, 0), total: 3 },
  ])
  const byType = coarseLanes(counters, 'minute', { by: 'type', topics: ['cart'], types: ['added'] }, tile, now)
  expect(byType).toEqual([{ key: 'added', counts: Uint32Array.of(0, 0, 10, 0), total: 10 }])
})

test('what was counted in a long bucket is spread over it, and a little is still seen', () => {
  const [lane] = coarseLanes([{ id: 'cart/x', buckets: [6, 120], ever: 126 }], 'hour', names, tile, now)
  expect(lane).toEqual({ key: 'cart', counts: Uint32Array.of(1, 1, 1, 1), total: 6 })
})
