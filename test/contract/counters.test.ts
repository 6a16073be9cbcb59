import { describe, expect, test } from 'vitest'
import type { CounterOptions, Store, TimeWindow, Unit } from '../../src/index.js'
import { describeEachGround } from '../kit/grounds.js'
import { DAY, HOUR, MINUTE } from '../kit/durations.js'
import { manualClock, type ManualClock } from '../../src/testing.js'

const invalid = (field: string) =>
  expect.objectContaining({ code: 'invalid-argument', fault: expect.objectContaining({ field }) })

const NOON = '2026-11-18T12:00Z'

describeEachGround((ground) => {
  const open = (counters?: CounterOptions): Promise<Store> => ground.open(counters ? { counters } : {})

  describe('counting', () => {
    test('what is recorded is counted in every unit', async () => {
      const { counters } = await open({ preset: 'analytics', track: { second: 60, minute: 60, hour: 24 } })
      for (let n = 0; n < 5; n++) counters.record('x')
      const query = counters.query('x')
      const sums = [
        query.lastSeconds(60),
        query.lastMinutes(60),
        query.lastHours(24),
        query.lastDays(56),
        query.lastWeeks(52),
        query.lastMonths(12),
      ].map((range) => range.sum())
      expect(await Promise.all(sums)).toEqual([5, 5, 5, 5, 5, 5])
      expect(await query.ever().sum()).toBe(5)
      expect(counters.trackedIntervals()).toEqual([
        { unit: 'second', buckets: 60 },
        { unit: 'minute', buckets: 60 },
        { unit: 'hour', buckets: 24 },
        { unit: 'day', buckets: 56 },
        { unit: 'week', buckets: 52 },
        { unit: 'month', buckets: 12 },
      ])
    })

    test('ids are independent, and may be any strings', async () => {
      const { counters } = await open()
      const ids = ['a', 'b', '__proto__', 'constructor', 'ä/%', '\u{1F600}', ' ', '=a', '+a', 'x'.repeat(8192)]
      ids.forEach((id, n) => counters.record(id, { count: n + 1 }))
      for (const [n, id] of ids.entries()) expect(await counters.query(id).ever().sum()).toBe(n + 1)
      expect((await counters.ids()).sort()).toEqual(ids.toSorted())
    })

    test('null: never seen or not tracked; 0: seen, but not in the range', async () => {
      const { counters } = await open({ track: { minute: 60, hour: 24 } })
      counters.record('x', { ago: { hours: 3 } })
      const never = counters.query('never')
      expect(await never.lastHours(1).sum()).toBeNull()
      expect(await never.ever().buckets()).toBeNull()
      expect([await never.lastSeen(), await never.firstSeen()]).toEqual([null, null])
      const query = counters.query('x')
      expect(await query.lastDays(1).sum()).toBeNull()
      expect(await query.lastMinutes(60).sum()).toBe(0)
      expect(await query.lastMinutes(60).average()).toBe(0)
      expect(await query.lastMinutes(60).averageNonzero()).toBeNull()
      expect(await query.lastMinutes(60).countNonzero()).toBe(0)
      expect(await query.lastMinutes(3).buckets()).toEqual([0, 0, 0])
      expect(await query.lastMinutes(0).buckets()).toEqual([])
      expect(await query.range('hour', 5, 2).sum()).toBe(0)
    })

    test('a query sees what this tab recorded before it, and another handle does too', async () => {
      const [a, b] = [await open(), await ground.reopen()]
      for (let n = 1; n <= 10; n++) {
        a.counters.record('x')
        expect(await a.counters.query('x').ever().sum()).toBe(n)
        expect(await b.counters.query('x').ever().sum()).toBe(n)
      }
    })

    test('10,000 records of one counter and 1,000 over 100 ids are all there at the next question', async () => {
      const { counters } = await open()
      for (let n = 0; n < 10_000; n++) counters.record('x')
      expect(await counters.query('x').ever().sum()).toBe(10_000)
      for (let n = 0; n < 1000; n++) counters.record(`id${n % 100}`)
      expect(await counters.query('x').lastHours(2).sum()).toBe(10_000)
      expect(await counters.query('id99').ever().sum()).toBe(10)
    })

    test('a counter takes under 4 KiB, and compact() frees it until it is asked for', async () => {
      const { counters } = await open()
      for (let n = 0; n < 100; n++) counters.record(`id${n}`, { count: 1_000_000 })
      await counters.ids()
      expect(await counters.memoryUsage()).toBeLessThan(100 * 4096)
      expect(await counters.memoryUsage()).toBeGreaterThan(100 * 2048)
      await counters.compact()
      expect(await counters.memoryUsage()).toBe(0)
      expect(await counters.query('id7').ever().sum()).toBe(1_000_000)
      expect(await counters.memoryUsage()).toBeLessThan(4096)
      counters.record('id7')
      expect(await counters.query('id7').ever().sum()).toBe(1_000_001)
    })

    test.skipIf(!ground.durable)(
      'the units tracked are those named last, in whichever handle, also after a restart',
      async () => {
        const store = await open({ track: { hour: 24 } })
        store.counters.record('x', { count: 7 })
        expect(await store.counters.query('x').lastHours(24).sum()).toBe(7)
        await store.close()
        const again = await ground.reopen()
        expect(again.counters.trackedIntervals()).toEqual([{ unit: 'hour', buckets: 24 }])
        await again.close()
        const wider = await open({ track: { hour: 48, day: 3 } })
        expect(wider.counters.trackedIntervals()).toEqual([
          { unit: 'hour', buckets: 48 },
          { unit: 'day', buckets: 3 },
        ])
        expect(await wider.counters.query('x').lastHours(48).sum()).toBe(7)
        expect(await wider.counters.query('x').lastDays(3).sum()).toBe(7)
        expect(await wider.counters.query('x').ever().sum()).toBe(7)
      },
    )

    test('past maxIds new ids are refused with a fault and counted; those there go on', async () => {
      const store = await open({ maxIds: 2, countEvents: false })
      const { counters } = store
      for (const id of ['a', 'b', 'c', 'd', 'a']) counters.record(id)
      const fault = await store.faults[Symbol.asyncIterator]().next()
      expect(fault.value).toMatchObject({ code: 'limit-exceeded', id: 'd', maxIds: 2, refused: 2 })
      expect(await counters.query('a').ever().sum()).toBe(2)
      expect(await counters.query('c').ever().sum()).toBeNull()
      expect((await store.metrics()).dropped).toBe(2)
      await counters.clear('b')
      counters.record('c')
      expect((await counters.ids()).sort()).toEqual(['a', 'c'])
    })

    test('clear() forgets one id or all', async () => {
      const { counters } = await open()
      for (const id of ['a', 'b', 'c']) counters.record(id)
      await counters.clear('b')
      expect((await counters.ids()).sort()).toEqual(['a', 'c'])
      expect(await counters.query('b').ever().sum()).toBeNull()
      await counters.clear()
      expect(await counters.ids()).toEqual([])
      counters.record('a')
      expect(await counters.query('a').ever().sum()).toBe(1)
    })
  })

  describe('queries over several', () => {
    test('many: the sum of those seen', async () => {
      const { counters } = await open()
      for (const [id, count] of Object.entries({ a: 10, b: 20, c: 30 })) counters.record(id, { count })
      expect(await counters.queryMany(['a', 'b', 'c']).lastHours(2).sum()).toBe(60)
      expect(await counters.queryMany(['a', 'none', 'a']).lastHours(2).buckets()).toEqual([10, 0])
      expect(await counters.queryMany(['none']).ever().sum()).toBeNull()
      expect(await counters.queryMany([]).ever().sum()).toBeNull()
    })

    test('ratio: null where either is missing or the denominator is 0', async () => {
      const { counters } = await open()
      counters.record('bought', { count: 25 })
      counters.record('seen', { count: 100 })
      counters.record('old', { ago: { days: 10 } })
      expect(await counters.queryRatio('bought', 'seen').lastDays(2)).toBe(0.25)
      expect(await counters.queryRatio('bought', 'seen').ever()).toBe(0.25)
      expect(await counters.queryRatio('none', 'seen').ever()).toBeNull()
      expect(await counters.queryRatio('bought', 'none').ever()).toBeNull()
      expect(await counters.queryRatio('bought', 'old').lastDays(2)).toBeNull()
      expect(await counters.queryRatio('old', 'seen').lastDays(2)).toBe(0)
    })

    test('delta is signed and never null, and balanceDelta makes it 0', async () => {
      const { counters } = await open()
      counters.record('in', { count: 50 })
      counters.record('out', { count: 30 })
      expect(await counters.queryDelta('in', 'out').ever().sum()).toBe(20)
      expect(await counters.queryDelta('out', 'in').lastHours(2).sum()).toBe(-20)
      expect(await counters.queryDelta('in', 'out').lastHours(2).average()).toBe(10)
      expect(await counters.queryDelta('none', 'neither').ever().sum()).toBe(0)
      expect(await counters.balanceDelta('in', 'out')).toBe(20)
      expect(await counters.queryDelta('in', 'out').ever().sum()).toBe(0)
      expect(await counters.balanceDelta('in', 'out')).toBe(0)
      expect(await counters.balanceDelta('none', 'in')).toBe(50)
      expect(await counters.query('none').ever().sum()).toBe(50)
    })

    test('of balances asked for at once one records', async () => {
      const { counters } = await open()
      counters.record('in', { count: 5 })
      const recorded = await Promise.all(Array.from({ length: 8 }, () => counters.balanceDelta('in', 'out')))
      expect(recorded.toSorted((a, b) => a - b)).toEqual([0, 0, 0, 0, 0, 0, 0, 5])
    })
  })

  describe('dirty', () => {
    test('changed since the last persist() or resetDirty(), by whichever handle; a commit does not clean', async () => {
      const [a, b] = [await open(), await ground.reopen()]
      expect(await a.counters.isDirty()).toBe(false)
      a.counters.record('x')
      expect(await a.counters.isDirty()).toBe(true)
      await a.flush()
      expect(await b.counters.isDirty()).toBe(true)
      await b.counters.persist()
      expect(await a.counters.isDirty()).toBe(false)
      a.topic('t').record('event')
      await a.counters.persist({ all: true })
      expect(await a.counters.isDirty()).toBe(false)
      b.counters.record('y')
      await b.counters.resetDirty()
      expect(await a.counters.isDirty()).toBe(false)
      expect(await a.counters.query('y').ever().sum()).toBe(1)
    })

    test('isDirty does not flush', async () => {
      const store = await ground.open({ batchTimeoutMs: 60_000 })
      store.counters.record('x')
      expect(await store.counters.isDirty()).toBe(true)
      expect(await store.counters.isDirty()).toBe(true)
      expect((await store.health()).state).toBe('ok')
      const other = await ground.reopen()
      // A read of the other handle would flush; its metrics would too.
      expect(await other.counters.isDirty()).toBe(true)
    })

    test.skipIf(!ground.durable)('close() cleans', async () => {
      const store = await open()
      store.counters.record('x')
      await store.close()
      const again = await ground.reopen()
      expect(await again.counters.isDirty()).toBe(false)
      expect(await again.counters.query('x').ever().sum()).toBe(1)
    })

    test('only what is dirty is exported, if asked', async () => {
      const { counters } = await open()
      for (const id of ['a', 'b']) counters.record(id)
      await counters.persist()
      counters.record('b')
      expect(Object.keys((await counters.export({ dirtyOnly: true })).counters)).toEqual(['b'])
      expect(Object.keys((await counters.export()).counters).sort()).toEqual(['a', 'b'])
      await counters.resetDirty()
      expect((await counters.export({ dirtyOnly: true })).counters).toEqual({})
    })
  })

  describe('bad input', () => {
    test.each<[string, unknown, unknown?]>([
      ['id', ''],
      ['id', 5],
      ['id', 'x'.repeat(8193)],
      ['count', 'x', { count: 0 }],
      ['count', 'x', { count: -1 }],
      ['count', 'x', { count: 1.5 }],
      ['count', 'x', { count: 2 ** 53 }],
      ['count', 'x', { count: NaN }],
      ['count', 'x', { count: '1' }],
      ['at', 'x', { at: NaN }],
      ['at', 'x', { at: '2026' }],
      ['ago', 'x', { ago: 'fortnight' }],
      ['ago', 'x', { ago: { hours: -1 } }],
      ['ago', 'x', { at: 5, ago: 'hour' }],
    ])('a wrong %s is refused at once, and nothing is counted: %j %j', async (field, id, options) => {
      const { counters } = await open()
      expect(() => counters.record(id as string, options as object)).toThrow(invalid(field))
      expect(await counters.ids()).toEqual([])
    })

    test('of queries', async () => {
      const { counters } = await open()
      const query = counters.query('x')
      for (const n of [-1, 1.5, NaN, '1']) expect(() => query.lastHours(n as number)).toThrow(invalid('n'))
      expect(() => query.range('fortnight' as Unit, 0, 1)).toThrow(invalid('unit'))
      expect(() => query.range('day', -1, 1)).toThrow(invalid('start'))
      expect(() => query.range('day', 0, 1.5)).toThrow(invalid('end'))
      expect(() => counters.query('')).toThrow(invalid('id'))
      expect(() => counters.queryMany('x' as never)).toThrow(invalid('ids'))
      expect(() => counters.queryMany(['x', ''])).toThrow(invalid('id'))
      await expect(counters.balanceDelta('', 'x')).rejects.toEqual(invalid('positive'))
      await expect(counters.clear('')).rejects.toEqual(invalid('id'))
      await expect(counters.export({ ids: 'x' as never })).rejects.toEqual(invalid('ids'))
      await expect(counters.persist({ all: 1 as never })).rejects.toEqual(invalid('all'))
    })

    test('of options: no store is opened', async () => {
      for (const [field, counters] of [
        ['track.hour', { track: { hour: 0 } }],
        ['timeZone', { timeZone: 'Mars/Olympus' }],
        ['maxIds', { maxIds: -1 }],
      ] as const) {
        await expect(ground.open({ counters })).rejects.toEqual(invalid(field))
      }
    })

    test('what lies ahead is refused, and a closed handle counts nothing', async () => {
      const store = await open()
      const { counters } = store
      const future = expect.objectContaining({ code: 'future-event' })
      expect(() => counters.record('x', { at: Date.now() + 60_000 })).toThrow(future)
      expect(await counters.ids()).toEqual([])
      await store.close()
      expect(() => counters.record('x')).toThrow(expect.objectContaining({ code: 'closed' }))
      await expect(counters.query('x').ever().sum()).rejects.toMatchObject({ code: 'closed' })
      await expect(counters.isDirty()).rejects.toMatchObject({ code: 'closed' })
    })
  })

  // Only a writer in this page keeps the test's time.
  describe.skipIf(!ground.name.endsWith('inline'))('as time goes on', () => {
    const openAt = async (
      time: string,
      counters: CounterOptions = {},
    ): Promise<{ store: Store; clock: ManualClock }> => {
      const clock = manualClock(time)
      return { clock, store: await ground.open({ clock, counters: { timeZone: 'Europe/Berlin', ...counters } }) }
    }

    test('sums, averages and buckets of the last hours', async () => {
      const { store, clock } = await openAt(NOON)
      const { counters } = store
      for (const count of [10, 20, 30]) {
        counters.record('x', { count })
        clock.advance(HOUR)
      }
      const query = counters.query('x')
      expect(await query.lastHours(4).buckets()).toEqual([0, 30, 20, 10])
      expect(await query.lastHours(4).sum()).toBe(60)
      expect(await query.lastHours(4).average()).toBe(15)
      expect(await query.lastHours(4).averageNonzero()).toBe(20)
      expect(await query.lastHours(4).countNonzero()).toBe(3)
      expect(await query.range('hour', 1, 3).sum()).toBe(50)
      expect(await query.ever().buckets()).toEqual([60])
      expect([await query.ever().average(), await query.ever().countNonzero()]).toEqual([60, 1])
      expect(await query.lastDays(1).countNonzero()).toBe(1)
    })

    test('the last hour has one, the last three hours two', async () => {
      const { store, clock } = await openAt(NOON)
      store.counters.record('x')
      clock.advance(2 * HOUR)
      store.counters.record('x')
      expect(await store.counters.query('x').lastHours(1).sum()).toBe(1)
      expect(await store.counters.query('x').lastHours(3).sum()).toBe(2)
    })

    test('7 days are 7 buckets, the newest first', async () => {
      const { store, clock } = await openAt(NOON)
      for (let day = 0; day < 7; day++) {
        if (day > 0) store.counters.record('x', { count: day === 6 ? 100 : day })
        if (day < 6) clock.advance(DAY)
      }
      expect(await store.counters.query('x').lastDays(7).buckets()).toEqual([100, 5, 4, 3, 2, 1, 0])
      expect(await store.counters.query('x').lastDays(7).averageNonzero()).toBe(115 / 6)
      expect(await store.counters.query('x').range('day', 7, 14).sum()).toBe(0)
    })

    test('25 hours ago counts in 26 hours and in days, not in 24 hours', async () => {
      const { store } = await openAt(NOON, { track: { hour: 26, day: 3 } })
      store.counters.record('x', { ago: { hours: 25 } })
      expect(await store.counters.query('x').lastHours(24).sum()).toBe(0)
      expect(await store.counters.query('x').lastHours(26).sum()).toBe(1)
      expect(await store.counters.query('x').lastDays(2).sum()).toBe(1)
    })

    test('too old for a unit is dropped there only', async () => {
      const { store } = await openAt(NOON, { track: { hour: 24, day: 3 } })
      store.counters.record('x', { ago: { hours: 26 }, count: 3 })
      expect(await store.counters.query('x').lastHours(24).buckets()).toEqual(Array(24).fill(0))
      expect(await store.counters.query('x').lastDays(3).buckets()).toEqual([0, 3, 0])
      expect((await store.metrics()).lateDropped).toBe(0)
    })

    test('ancient only: seen, but 0 for ever, and told as late', async () => {
      const { store, clock } = await openAt(NOON)
      store.counters.record('x', { at: clock.now() - 3650 * DAY, count: 4 })
      const query = store.counters.query('x')
      expect(await query.ever().sum()).toBe(0)
      expect(await query.ever().countNonzero()).toBe(0)
      expect([await query.lastSeen(), await query.firstSeen()]).toEqual([null, null])
      expect((await store.metrics()).lateDropped).toBe(4)
      store.counters.record('x', { at: -8e15 })
      expect((await store.metrics()).lateDropped).toBe(5)
      await store.counters.compact()
      expect(await store.counters.ids()).toEqual([])
    })

    test('a long gap empties every bucket, and not what there ever was', async () => {
      const { store, clock } = await openAt(NOON)
      store.counters.record('x', { count: 5 })
      await store.flush()
      clock.advance(10 * 366 * DAY)
      const query = store.counters.query('x')
      const ranges = [query.lastMinutes(60), query.lastHours(72), query.lastDays(56), query.lastYears(4)]
      expect(await Promise.all(ranges.map((range) => range.sum()))).toEqual([0, 0, 0, 0])
      expect(await query.ever().sum()).toBe(5)
      expect([await query.lastSeen(), await query.firstSeen()]).toEqual([null, null])
      store.counters.record('x')
      expect(await query.lastYears(4).buckets()).toEqual([1, 0, 0, 0])
      expect(await query.ever().sum()).toBe(6)
      await store.counters.compact()
      expect(await query.ever().sum()).toBe(6)
    })

    test('a clock that goes back takes nothing away, and what it counts is not lost', async () => {
      const { store, clock } = await openAt(NOON)
      const query = store.counters.query('x')
      store.counters.record('x', { count: 2 })
      await store.flush()
      clock.advance(-3 * HOUR)
      expect(await query.lastHours(1).sum()).toBe(2)
      expect(await query.lastSeen()).toBe(0)
      store.counters.record('x', { count: 3 })
      expect(await query.lastHours(4).buckets()).toEqual([2, 0, 0, 3])
      expect(await query.ever().sum()).toBe(5)
    })

    test('last and first seen', async () => {
      const { store, clock } = await openAt(NOON)
      const query = store.counters.query('x')
      store.counters.record('x', { ago: { days: 2 } })
      expect(await query.lastSeen()).toBeGreaterThanOrEqual(DAY)
      expect(await query.lastSeen()).toBeLessThanOrEqual(3 * DAY)
      store.counters.record('x')
      clock.advance(20_000)
      expect(await query.lastSeen()).toBeLessThan(MINUTE)
      expect(await query.firstSeen()).toBeGreaterThanOrEqual(DAY)
    })

    test('a day of 25 hours is one day, one of 23 too, and weeks begin on Monday', async () => {
      // Midnight in Berlin before its clocks go back.
      const { store, clock } = await openAt('2026-10-24T22:00Z')
      const { counters } = store
      counters.record('x')
      clock.advance(25 * HOUR - 1)
      expect(await counters.query('x').lastDays(1).sum()).toBe(1)
      expect(await counters.query('x').lastWeeks(1).sum()).toBe(1)
      clock.advance(1)
      expect(await counters.query('x').lastDays(2).buckets()).toEqual([0, 1])
      expect(await counters.query('x').lastWeeks(2).buckets()).toEqual([0, 1])
      clock.time = Date.parse('2027-03-27T23:00Z')
      counters.record('y')
      clock.advance(23 * HOUR - 1)
      expect(await counters.query('y').lastDays(1).sum()).toBe(1)
      clock.advance(1)
      expect(await counters.query('y').lastDays(2).buckets()).toEqual([0, 1])
    })

    test('months and years follow the calendar, or have fixed lengths', async () => {
      const { store, clock } = await openAt('2026-12-31T22:30Z')
      store.counters.record('x')
      clock.advance(HOUR)
      expect(await store.counters.query('x').lastMonths(2).buckets()).toEqual([0, 1])
      expect(await store.counters.query('x').lastYears(2).buckets()).toEqual([0, 1])
      await store.close()
      const { store: uniform } = await openAt('2026-12-31T22:30Z', { calendar: 'uniform' })
      uniform.counters.record('y')
      expect(await uniform.counters.query('y').lastMonths(1).sum()).toBe(1)
    })

    test('events and records keep the store’s time', async () => {
      const { store, clock } = await openAt(NOON)
      store.topic('t').record('x')
      await store.topic('t').append({ type: 'x', time: clock.now() + DAY })
      expect((await store.topic('t').read()).map(({ time }) => time)).toEqual([clock.now(), clock.now() + DAY])
      expect(await store.counters.query('t/x').lastMinutes(1).sum()).toBe(2)
    })

    test.each<TimeWindow>(['hour', [1, 'hour'], { hours: 1 }, { minutes: 60 }])('ago: %j', async (ago) => {
      const { store } = await openAt(NOON)
      store.counters.record('x', { ago })
      expect(await store.counters.query('x').lastSeen()).toBe(HOUR)
    })
  })
})
