import { expect, test } from 'vitest'
import { RowCache } from '../../panel/model/row-cache.js'
import { RowLoader } from '../../panel/model/row-loader.js'
import type { StoredEvent } from '../../src/core/event.js'

const event = (sequence: number): StoredEvent => ({
  ...{ topic: 't', position: sequence, sequence, type: 'x', data: null, time: sequence },
  ...{ weight: 1, producer: 'p', producerSeq: sequence },
})
const events = (first: number, count: number): StoredEvent[] =>
  Array.from({ length: count }, (_, index) => event(first + index))

/** A source whose answers the test gives. */
function byHand() {
  const asked: { first: number; count: number; answer(events: StoredEvent[]): Promise<void> }[] = []
  const rows = (first: number, count: number): Promise<StoredEvent[]> =>
    new Promise((resolve) => {
      asked.push({
        first,
        count,
        async answer(found) {
          resolve(found)
          await new Promise((done) => setTimeout(done))
        },
      })
    })
  return { rows, asked }
}

const unexpected = (error: unknown): void => {
  throw error
}

test('the cache knows what is missing in a range, the end of a page included', () => {
  const cache = new RowCache()
  cache.put(100, events(100, 20))
  expect(cache.gap(90, 40)).toEqual({ first: 90, count: 40 })
  expect(cache.gap(100, 40)).toEqual({ first: 120, count: 20 })
  expect(cache.gap(100, 20)).toBeNull()
})

test('the cache holds a bounded number of pages and lets go of those used least lately', () => {
  const cache = new RowCache(3)
  for (const first of [0, 64, 128]) cache.put(first, events(first, 64))
  cache.gap(0, 10)
  cache.put(192, events(192, 64))
  expect(cache.pages).toBe(3)
  expect([cache.get(0)?.sequence, cache.get(64), cache.get(200)?.sequence]).toEqual([0, undefined, 200])
})

test('one request at a time: what was wanted meanwhile and is out of sight again is never asked for', async () => {
  const { rows, asked } = byHand()
  const loader = new RowLoader({ rows }, () => {}, unexpected)
  loader.want(0, 10)
  loader.want(500, 10)
  loader.want(900, 10)
  expect(asked).toHaveLength(1)
  await asked[0]?.answer(events(0, 10))
  expect(asked.map(({ first }) => first)).toEqual([0, 900])
})

test('an answer about ranks that no longer hold is thrown away', async () => {
  const { rows, asked } = byHand()
  const loader = new RowLoader({ rows }, () => {}, unexpected)
  loader.want(0, 10)
  loader.reset()
  loader.want(0, 5)
  await asked[0]?.answer(events(0, 10))
  expect(loader.get(0)).toBeUndefined()
  await asked[1]?.answer(events(70, 5))
  expect(loader.get(0)?.sequence).toBe(70)
})

test('a source with fewer rows than it said is not asked in a circle', async () => {
  const { rows, asked } = byHand()
  const loader = new RowLoader({ rows }, () => {}, unexpected)
  loader.want(0, 10)
  await asked[0]?.answer(events(0, 4))
  expect(asked).toHaveLength(1)
  loader.want(0, 10)
  expect(asked[1]).toMatchObject({ first: 4, count: 6 })
})

test('nothing is reported once closed, not even a failure', async () => {
  const seen: unknown[] = []
  let fail: (error: Error) => void = () => {}
  const rows = (): Promise<StoredEvent[]> => new Promise((_, reject) => (fail = reject))
  const loader = new RowLoader(
    { rows },
    () => seen.push('rows'),
    (error) => seen.push(error),
  )
  loader.want(0, 10)
  loader.close()
  fail(new Error('gone'))
  await new Promise((done) => setTimeout(done))
  expect(seen).toEqual([])
})
