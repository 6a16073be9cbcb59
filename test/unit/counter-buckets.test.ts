import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CounterOptions, Unit } from '../../src/index.js'
import { Buckets } from '../../src/fold/counter/buckets.js'
import { dateBuckets, placeBuckets } from '../../src/fold/counter/convert.js'
import { bucketsIn, Counter } from '../../src/fold/counter/counter.js'
import { Layout, layoutNamed } from '../../src/fold/counter/layout.js'
import { loadBuckets, storeBuckets } from '../../src/fold/counter/stored-buckets.js'
import { DAY, HOUR, MINUTE } from '../kit/durations.js'

const START = Date.parse('2026-03-27T20:00Z')

interface Happening {
  /** How far the clock went since the one before: it may go back. */
  passed: number
  /** How long ago it happened then. */
  ago: number
  count: number
}

const spans = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 3 * MINUTE }),
  fc.integer({ min: 0, max: 5 * HOUR }),
  fc.integer({ min: 0, max: 40 * DAY }),
  fc.integer({ min: 0, max: 6 * 365 * DAY }),
)
const happening = fc.record({
  passed: fc.oneof({ weight: 4, arbitrary: spans }, fc.integer({ min: -3 * DAY, max: 0 })),
  ago: spans,
  count: fc.integer({ min: 1, max: 1000 }),
})
const layouts = fc.record({
  calendar: fc.constantFrom('local' as const, 'uniform' as const),
  timeZone: fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'),
  track: fc.option(
    fc.dictionary(fc.constantFrom<Unit>('second', 'minute', 'hour', 'day', 'week', 'month', 'year'), fc.nat(80), {
      minKeys: 1,
    }),
  ),
})

function layoutOf({
  track,
  ...options
}: Omit<CounterOptions, 'track'> & { track: Record<string, number> | null }): Layout {
  const more = track && { track: Object.fromEntries(Object.entries(track).map(([unit, n]) => [unit, n + 1])) }
  return new Layout({ ...options, ...more })
}

function countAll(
  layout: Layout,
  all: readonly Happening[],
): { buckets: Buckets; now: number; raw: [number, number][] } {
  const buckets = new Buckets(layout)
  const raw: [time: number, count: number][] = []
  let now = START
  for (const { passed, ago, count } of all) {
    now += passed
    const time = now - ago
    if (buckets.add(layout.at(time), layout.at(now), count, time, time)) raw.push([time, count])
  }
  return { buckets, now, raw }
}

test('every bucket holds what raw times add up to, whatever the clock, the zone and the gaps', () => {
  fc.assert(
    fc.property(layouts, fc.array(happening, { maxLength: 30 }), (options, all) => {
      const layout = layoutOf(options)
      // The same, told by a list of all that ever happened.
      const kept = layout.tracks.map(() => [] as [index: number, count: number][])
      const newest = layout.tracks.map(() => -Infinity)
      let total = 0
      let now = START
      const buckets = new Buckets(layout)
      for (const { passed, ago, count } of all) {
        now += passed
        const time = now - ago
        let isKept = false
        layout.tracks.forEach(({ unit, slots }, track) => {
          const index = layout.calendar.spanAt(unit, time).index
          const head = Math.max(newest[track]!, layout.calendar.spanAt(unit, now).index)
          if (index <= head - slots) return
          isKept = true
          kept[track]!.push([index, count])
          newest[track] = Math.max(newest[track]!, index)
        })
        if (isKept) total += count
        expect(buckets.add(layout.at(time), layout.at(now), count, time, time)).toBe(isKept)
      }
      const counter = new Counter(layout, buckets)
      expect(bucketsIn(counter, { unit: null, start: 0, end: 1 }, layout, now)).toEqual([total])
      layout.tracks.forEach(({ unit, buckets: tracked }, track) => {
        const head = Math.max(newest[track]!, layout.calendar.spanAt(unit, now).index)
        const expected = Array.from({ length: tracked }, (_, n) =>
          kept[track]!.reduce((sum, [index, count]) => sum + (index === head - n ? count : 0), 0),
        )
        expect(bucketsIn(counter, { unit, start: 0, end: tracked }, layout, now)).toEqual(expected)
      })
    }),
    { numRuns: 300 },
  )
})

test('buckets come back from storage as they were', () => {
  fc.assert(
    fc.property(layouts, fc.array(happening, { maxLength: 30 }), (options, all) => {
      const layout = layoutOf(options)
      const { buckets } = countAll(layout, all)
      const stored = structuredClone(storeBuckets(buckets))
      expect(loadBuckets(stored, layout)).toEqual(buckets)
      expect(layoutNamed(layout.name)?.tracked).toEqual(layout.tracked)
      expect(placeBuckets(dateBuckets(buckets), layout)).toEqual(buckets)
    }),
  )
})

test('what was not stored by it is told from buckets', () => {
  const layout = new Layout({ track: { hour: 3 } })
  const buckets = new Buckets(layout)
  buckets.add(layout.at(START), layout.at(START), 5, START, START)
  const { numbers } = storeBuckets(buckets)
  const changed = (at: number, to: number): Float64Array => numbers.with(at, to)
  for (const damaged of [
    null,
    'text',
    {},
    { layout: layout.name, numbers: Array.from(numbers) },
    { layout: layout.name, numbers: numbers.slice(0, -1) },
    { layout: layout.name, numbers: Float64Array.from([...numbers, 1]) },
    { layout: layout.name, numbers: changed(0, -1) },
    { layout: layout.name, numbers: changed(3, 0.5) },
    { layout: layout.name, numbers: changed(4, 100) },
    { layout: layout.name, numbers: changed(5, 4) },
    { layout: layout.name, numbers: changed(6, NaN) },
  ]) {
    expect(loadBuckets(damaged, layout)).toBeNull()
  }
})

test('a counter takes under 4 KiB, however much it counted', () => {
  const layout = new Layout({})
  expect(layout.tracked.reduce((sum, { buckets }) => sum + buckets, 0)).toBe(256)
  const { buckets } = countAll(
    layout,
    Array.from({ length: 5000 }, (_, n) => ({ passed: n * MINUTE, ago: (n % 7) * HOUR, count: n + 1 })),
  )
  expect(buckets.bytes).toBeLessThan(4096)
  expect(storeBuckets(buckets).numbers.byteLength).toBeLessThan(4.5 * 1024)
})

test('counts stay at 2^53 - 1', () => {
  const layout = new Layout({ track: { hour: 2 } })
  const buckets = new Buckets(layout)
  const now = layout.at(START)
  for (const count of [Number.MAX_SAFE_INTEGER - 1, 5, 1]) buckets.add(now, now, count, START, START)
  expect(buckets.total).toBe(Number.MAX_SAFE_INTEGER)
  expect(buckets.get(0, now.indices[0]!)).toBe(Number.MAX_SAFE_INTEGER)
})

describe('other units tracked than before', () => {
  const counted = (options: CounterOptions): Buckets => {
    const layout = new Layout({ timeZone: 'Europe/Berlin', ...options })
    const buckets = new Buckets(layout)
    for (let n = 0; n < 20; n++) {
      const time = START - n * HOUR
      buckets.add(layout.at(time), layout.at(START), n + 1, time, time)
    }
    return buckets
  }
  const sum = (buckets: Buckets, unit: Unit): number => {
    const { layout } = buckets
    const all = bucketsIn(new Counter(layout, buckets), { unit, start: 0, end: 1e9 }, layout, START)!
    return all.reduce((total, count) => total + count, 0)
  }

  test('24 hours become 48 and keep what they counted', () => {
    const before = counted({ track: { hour: 24 } })
    const after = placeBuckets(dateBuckets(before), new Layout({ timeZone: 'Europe/Berlin', track: { hour: 48 } }))
    const { layout } = after
    const read = (buckets: Buckets, of: Layout) =>
      bucketsIn(new Counter(of, buckets), { unit: 'hour', start: 0, end: 24 }, of, START)
    expect(read(after, layout)).toEqual(read(before, before.layout))
    expect(after.total).toBe(before.total)
  })

  test('a unit that is new is filled from a finer one, else from a coarser one', () => {
    const fromHours = placeBuckets(dateBuckets(counted({ track: { hour: 24 } })), new Layout({ track: { day: 7 } }))
    expect([sum(fromHours, 'day'), fromHours.total]).toEqual([210, 210])
    const fromDays = placeBuckets(dateBuckets(counted({ track: { day: 7 } })), new Layout({ track: { hour: 72 } }))
    expect([sum(fromDays, 'hour'), fromDays.total]).toEqual([210, 210])
  })

  test('another zone and another calendar keep the counts', () => {
    const before = counted({})
    for (const options of [{ timeZone: 'Asia/Kathmandu' }, { calendar: 'uniform' }] satisfies CounterOptions[]) {
      const after = placeBuckets(dateBuckets(before), new Layout(options))
      for (const unit of ['hour', 'day', 'week', 'month', 'year'] as const) expect(sum(after, unit)).toBe(210)
    }
  })
})
