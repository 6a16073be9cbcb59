import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bucketsOf } from '../../src/fold/timeline/buckets.js'
import { Counts } from '../../src/fold/timeline/counts.js'
import type { SegmentEntry, TopicRow, TopicSpan } from '../../src/log/database.js'
import { estimateInto } from '../../src/writer/estimate.js'

const span = (name: string, count: number, since: number, until: number): TopicSpan => ({
  name,
  first: 0,
  last: count - 1,
  count,
  bytes: 0,
  since,
  until,
})

function segment(first: number, topics: TopicSpan[], types: string[] = ['x']): SegmentEntry {
  const count = topics.reduce((sum, own) => sum + own.count, 0)
  const [since, until] = [Math.min(...topics.map((own) => own.since)), Math.max(...topics.map((own) => own.until))]
  const sizes = { bytes: 1, plainBytes: 1, packed: false, hasIds: false }
  return { first, last: first + count - 1, count, since, until, topics, types, ...sizes }
}

const everything = { by: 'topic', topics: null, types: null } as const
const row = (name: string, first: number): TopicRow => ({
  name,
  first,
  next: 0,
  count: 0,
  bytes: 0,
  since: null,
  until: null,
})
const fromStart = new Map(['a', 'b'].map((name) => [name, row(name, 0)]))

function estimated(
  entries: SegmentEntry[],
  { from = 0, wanted = everything, topics = fromStart, since = 0, until = 10, buckets = 10 } = {} as {
    from?: number
    wanted?: Parameters<typeof estimateInto>[3]
    topics?: ReadonlyMap<string, TopicRow>
    since?: number
    until?: number
    buckets?: number
  },
): Record<string, number[]> {
  const counts = new Counts(bucketsOf({ since, until, buckets, everyMs: null }, null))
  estimateInto(counts, { entries, topics }, from, wanted)
  return Object.fromEntries(counts.lanes().map(({ key, counts: own }) => [key, [...own]]))
}

test('the events of a segment are spread between its first and last time', () => {
  expect(estimated([segment(0, [span('a', 8, 2, 6), span('b', 3, 9, 9)])])).toEqual({
    a: [0, 0, 2, 2, 2, 2, 0, 0, 0, 0],
    b: [0, 0, 0, 0, 0, 0, 0, 0, 0, 3],
  })
})

test('what is counted already, cleared or not asked for is left out', () => {
  const entries = [segment(0, [span('a', 8, 0, 8)]), segment(8, [span('a', 4, 0, 8), span('b', 4, 0, 8)])]
  expect(estimated(entries, { from: 4, buckets: 1 })).toEqual({ a: [8], b: [4] })
  expect(estimated(entries, { topics: new Map([['a', row('a', 6)]]), buckets: 1 })).toEqual({ a: [2] })
  expect(estimated(entries, { wanted: { ...everything, topics: ['b'] }, buckets: 1 })).toEqual({ b: [4] })
})

test('each type of a segment gets as much as the others, and all of them together what is in it', () => {
  const entries = Array.from({ length: 10 }, (_, at) => segment(10 * at, [span('a', 10, 0, 8)], ['x', 'y', 'z']))
  expect(estimated(entries, { wanted: { ...everything, by: 'type' }, buckets: 1 })).toEqual({
    x: [33],
    y: [33],
    z: [33],
  })
  expect(estimated(entries, { wanted: { ...everything, types: ['x', 'z'] }, buckets: 1 })).toEqual({ a: [66] })
})

test('over all times nothing is lost or made up', () => {
  const spans = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 9_000 }), fc.integer({ min: 0, max: 900 })),
    { maxLength: 50 },
  )
  fc.assert(
    fc.property(spans, fc.integer({ min: 1, max: 700 }), (drawn, buckets) => {
      const entries = drawn.map(([count, since, length]) => segment(0, [span('a', count, since, since + length)]))
      const { a = [] } = estimated(entries, { until: 10_000, buckets })
      const total = drawn.reduce((sum, [count]) => sum + count, 0)
      expect(Math.abs(a.reduce((sum, own) => sum + own, 0) - total)).toBeLessThanOrEqual(1)
    }),
  )
})
