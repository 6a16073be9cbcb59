import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ColumnBuilder } from '../../src/codec/column-builder.js'
import type { Segment } from '../../src/codec/decode.js'
import { bucketAt, type Buckets } from '../../src/fold/timeline/buckets.js'
import { Counts } from '../../src/fold/timeline/counts.js'
import { Lane } from '../../src/fold/timeline/lane.js'
import { Lanes } from '../../src/fold/timeline/lanes.js'

const buckets: Buckets = { since: 0, until: 1000, everyMs: 10, count: 100 }

function counted(times: readonly number[]): Uint32Array {
  const counts = new Uint32Array(buckets.count)
  for (const time of times) if (time >= 0 && time < 1000) counts[bucketAt(buckets, time)]!++
  return counts
}

function countsOf(lane: Lane): Uint32Array {
  const counts = new Uint32Array(buckets.count)
  lane.countInto(counts, buckets)
  return counts
}

describe('a lane', () => {
  const times = fc.array(fc.integer({ min: -100, max: 1100 }), { maxLength: 300 })

  test.each([
    ['in order', (all: number[]) => all.sort((a, b) => a - b)],
    ['in any order', (all: number[]) => all],
    ['backwards', (all: number[]) => all.sort((a, b) => b - a)],
  ])('counts times that come %s, and forgets what lies below a place', (_how, arranged) => {
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 30 }), fc.nat(9000), (some, times_, below) => {
        const all = arranged(Array.from({ length: times_ }, () => some).flat())
        const lane = new Lane()
        all.forEach((time, place) => lane.add(time, place))
        expect(lane.length).toBe(all.length)
        expect(countsOf(lane)).toEqual(counted(all))
        lane.dropBelow(below)
        expect(lane.length).toBe(Math.max(0, all.length - below))
        expect(countsOf(lane)).toEqual(counted(all.slice(below)))
        all.forEach((time, place) => lane.add(time, all.length + place))
        expect(countsOf(lane)).toEqual(counted([...all.slice(below), ...all]))
      }),
      { numRuns: 60 },
    )
  })
})

function segmentOf(events: readonly { topic: string; type: string; time: number; position: number }[]): Segment {
  const builder = new ColumnBuilder('p')
  for (const [seq, { topic, type, time }] of events.entries()) {
    builder.add({ topic, type, time, data: null, weight: 1, id: undefined, meta: undefined }, () => seq)
  }
  const sequence = Float64Array.from(events.keys())
  const position = Float64Array.from(events, (event) => event.position)
  return { columns: builder.build(), sequence, position, firstSequence: 0, lastSequence: events.length - 1, epoch: 1 }
}

describe('the lanes of a log', () => {
  const events = Array.from({ length: 60 }, (_, n) => ({
    topic: `t${n % 3}`,
    type: `y${n % 2}`,
    time: (n * 37) % 1000,
    position: 1_000_000 + Math.floor(n / 3),
  }))
  const all = { by: 'topic', topics: null, types: null } as const

  const filled = (): Lanes => {
    const lanes = new Lanes()
    lanes.add(segmentOf(events.slice(0, 40)), null)
    lanes.add(
      segmentOf(events),
      Uint32Array.from({ length: 20 }, (_, at) => 40 + at),
    )
    return lanes
  }
  const timesOf = (lanes: Lanes): Record<string, Uint32Array> => {
    const counts = new Counts(buckets)
    lanes.countInto(counts, all)
    return Object.fromEntries(counts.lanes().map(({ key, counts: own }) => [key, own]))
  }
  const expected = (left: typeof events): Record<string, Uint32Array> =>
    Object.fromEntries(
      ['t0', 't1', 't2'].flatMap((topic) => {
        const own = left.filter((event) => event.topic === topic)
        return own.length > 0 ? [[topic, counted(own.map(({ time }) => time))]] : []
      }),
    )

  test('are those of its events', () => {
    expect(filled()).toMatchObject({ events: 60, count: 6 })
    expect(timesOf(filled())).toEqual(expected(events))
  })

  test('are trimmed to what is left of a topic, and say so when that is something else', () => {
    const lanes = filled()
    expect(lanes.trim('t1', 1_000_005, 15)).toBe(true)
    expect(timesOf(lanes)).toEqual(expected(events.filter((own) => own.topic !== 't1' || own.position >= 1_000_005)))
    expect(lanes.trim('t2', 1_000_020, 0)).toBe(true)
    expect(lanes).toMatchObject({ events: 35, count: 4 })
    expect(lanes.trim('t0', 1_000_000, 19)).toBe(false)
    expect(lanes.trim('unknown', 5, 0)).toBe(true)
    expect(lanes.trim('unknown', 5, 1)).toBe(false)
  })
})
