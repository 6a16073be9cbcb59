import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  openExport,
  type ReadableStore,
  type StoredEvent,
  type Timeline,
  type TimelineOptions,
} from '../../src/index.js'
import { describeEachGround } from '../kit/grounds.js'
import { isRealIndexedDb } from '../kit/indexeddb.js'

function bruteForce(events: readonly StoredEvent[], options: TimelineOptions): Timeline {
  const times = events.map(({ time }) => time)
  const since = options.since ?? (times.length > 0 ? Math.min(...times) : (options.until ?? 0))
  const last = times.length > 0 ? Math.max(...times) + 1 : since
  const until = options.until ?? Math.max(since, last)
  const isEmpty = !(since < until)
  const everyMs = options.everyMs ?? (isEmpty ? 0 : (until - since) / options.buckets)
  const buckets = isEmpty ? 0 : (options.buckets ?? Math.ceil((until - since) / everyMs))
  const lanes = new Map<string, Uint32Array>()
  for (const { topic, type, time } of events) {
    if (time < since || time >= until) continue
    if (options.topics && !options.topics.includes(topic)) continue
    if (options.types && !options.types.includes(type)) continue
    const key = options.by === 'type' ? type : topic
    const counts = lanes.get(key) ?? new Uint32Array(buckets)
    counts[Math.min(buckets - 1, Math.floor((time - since) / everyMs))]!++
    lanes.set(key, counts)
  }
  const found = Array.from(lanes, ([key, counts]) => ({ key, counts, total: counts.reduce((sum, n) => sum + n, 0) }))
  return { since, until, everyMs, lanes: found.sort((a, b) => (a.key < b.key ? -1 : 1)) }
}

/** '..3.1' is three events in the third bucket and one in the fifth. */
function drawn({ lanes }: Timeline): Record<string, string> {
  return Object.fromEntries(
    lanes.map(({ key, counts }) => [key, Array.from(counts, (count) => (count === 0 ? '.' : String(count))).join('')]),
  )
}

const topics = ['a', 'b', 'c/d']
const types = ['x', 'y']
const time = fc.oneof(fc.integer({ min: -5, max: 30 }), fc.constantFrom(-0.5, 7.25, 1e12, -1e9))
const event = fc.record({
  topic: fc.constantFrom(...topics),
  type: fc.constantFrom(...types),
  time,
  weight: fc.constantFrom(1, 5),
})
const names = (from: string[]): fc.Arbitrary<string[] | undefined> =>
  fc.option(fc.uniqueArray(fc.constantFrom(...from, 'never recorded'), { maxLength: 3 }), { nil: undefined })
const bound = fc.option(fc.oneof(time, fc.constant(100)), { nil: undefined })
const question = fc
  .record({
    since: bound,
    until: bound,
    by: fc.constantFrom('topic', 'type', undefined),
    topics: names(topics),
    types: names(types),
    width: fc.oneof(
      fc.record({ buckets: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ everyMs: fc.constantFrom(1e7, 3e7, 1.5e8) }),
    ),
  })
  .map(({ width, ...rest }) => {
    const named = Object.entries(rest).filter(([, value]) => value !== undefined)
    return { ...Object.fromEntries(named), ...width } as TimelineOptions
  })

describeEachGround((ground) => {
  const expectTrue = async (store: ReadableStore, asked: readonly TimelineOptions[]): Promise<void> => {
    const events = await store.read()
    for (const options of asked) expect(await store.timeline(options)).toEqual(bruteForce(events, options))
  }

  describe('timeline', () => {
    test('counts events, whatever they weigh, in lanes', async () => {
      const store = await ground.open()
      for (const at of [0, 20, 21, 29]) store.topic('a').record('x', at, { time: at, weight: 7 })
      for (const at of [99, 10]) store.topic('b').record('y', at, { time: at })
      const whole = await store.timeline({ buckets: 10 })
      expect(whole).toMatchObject({ since: 0, until: 100, everyMs: 10 })
      expect(drawn(whole)).toEqual({ a: '1.3.......', b: '.1.......1' })
      expect(whole.lanes.map(({ total }) => total)).toEqual([4, 2])
      const part = await store.timeline({ since: 10, until: 35, everyMs: 10, by: 'type' })
      expect(part).toMatchObject({ since: 10, until: 35, everyMs: 10 })
      expect(drawn(part)).toEqual({ x: '.3.', y: '1..' })
      expect(drawn(await store.timeline({ buckets: 2, topics: ['a'], types: ['x'] }))).toEqual({ a: '4.' })
      expect(drawn(await store.timeline({ buckets: 2, where: { '': 1 } }))).toEqual({})
    })

    test('of an empty store, or an empty range, has no lanes', async () => {
      const store = await ground.open()
      expect(await store.timeline({ buckets: 5 })).toMatchObject({ lanes: [] })
      expect(await store.timeline({ everyMs: 5, since: 3, until: 13 })).toEqual({
        since: 3,
        until: 13,
        everyMs: 5,
        lanes: [],
      })
      store.topic('a').record('x', 1, { time: 10 })
      for (const [since, until] of [[10, 10], [20, 5], [11, 12]] as const) {
        expect(await store.timeline({ buckets: 5, since, until })).toMatchObject({ since, until, lanes: [] })
        expect(await store.timeline({ everyMs: 1, since, until })).toMatchObject({ since, until, lanes: [] })
      } // prettier-ignore
    })

    test('is what looking at every event finds, while events come and go', { timeout: 120_000 }, async () => {
      const store = await ground.open({ topics: { b: { retention: { maxEvents: 20 } } } })
      const step = fc.record({
        events: fc.array(event, { maxLength: 30 }),
        next: fc.constantFrom('nothing', 'nothing', 'erase', 'clear', 'clear one', 'compact'),
        asked: fc.array(question, { minLength: 1, maxLength: 4 }),
      })
      const property = fc.asyncProperty(fc.array(step, { maxLength: 5 }), async (steps) => {
        for (const { events, next, asked } of steps) {
          for (const { topic, type, ...options } of events) store.topic(topic).record(type, null, options)
          await store.flush()
          if (next === 'erase') await store.erase({ since: 5, until: 12 })
          if (next === 'clear') await store.clear()
          if (next === 'clear one') await store.topic('a').clear()
          if (next === 'compact') await store.compact()
          await expectTrue(store, asked)
        }
      })
      await fc.assert(property, { numRuns: isRealIndexedDb ? 20 : 60 })
    })

    test('of many events out of order is right, from the index as by reading', { timeout: 60_000 }, async () => {
      const store = await ground.open()
      const drafts = Array.from({ length: 20_000 }, (_, n) => ({
        type: types[n % 2]!,
        data: { all: true },
        time: (n * 7919) % 20_011,
      }))
      await store.topic('a').append(drafts.slice(0, 12_000))
      const asked: TimelineOptions[] = [
        { buckets: 100 },
        { everyMs: 7, since: 1000, until: 9000, by: 'type' },
        { buckets: 13, types: ['y'] },
      ]
      await expectTrue(store, asked)
      await store.topic('a').append(drafts.slice(12_000))
      await expectTrue(store, asked)
      const ofAll = (await store.timeline({ ...asked[1]!, where: { all: true } })).lanes
      expect(ofAll).toEqual((await store.timeline(asked[1]!)).lanes)
    })

    test('with a condition on the data counts what meets it', async () => {
      const store = await ground.open()
      for (let n = 0; n < 100; n++) store.topic(`t${n % 2}`).record('x', { n: n % 20 }, { time: n })
      const found = await store.timeline({ buckets: 10, where: { n: 3 } })
      expect(drawn(found)).toEqual({ t1: '1.1.1.1.1.' })
    })

    test('sees what this tab has just recorded, and another handle what is committed', async () => {
      const store = await ground.open()
      const other = await ground.reopen()
      await other.timeline({ buckets: 1 })
      for (let n = 1; n < 5; n++) {
        store.topic('a').record('x', n, { time: n })
        expect(drawn(await store.timeline({ buckets: 1 }))).toEqual({ a: String(n) })
        expect(drawn(await other.timeline({ buckets: 1 }))).toEqual({ a: String(n) })
      }
    })

    test('of an exported file is that of the store', async () => {
      const store = await ground.open()
      for (let n = 0; n < 50; n++) store.topic(`t${n % 3}`).record('x', n, { time: (n * 37) % 50 })
      const file = await openExport(await store.export())
      const asked: TimelineOptions[] = [{ buckets: 10 }, { everyMs: 3, by: 'type' }]
      for (const options of asked) expect(await file.timeline(options)).toEqual(await store.timeline(options))
      await expectTrue(file, asked)
      await file.close()
    })

    test.each([
      {},
      { buckets: 0 },
      { buckets: 1.5 },
      { buckets: -1 },
      { buckets: Infinity },
      { buckets: 1, everyMs: 1 },
      { everyMs: 0 },
      { everyMs: -1 },
      { everyMs: NaN },
      { everyMs: Infinity },
      { everyMs: 1e-9, since: 0, until: 1e6 },
      { buckets: 1, since: NaN },
      { buckets: 1, since: Infinity },
      { buckets: 1, until: 'now' },
      { buckets: 1, by: 'producer' },
      { buckets: 1, topics: 'a' },
      { buckets: 1, where: 1 },
      { buckets: 1, signal: 1 },
    ])('%o is an invalid argument', async (options) => {
      const store = await ground.open()
      const asked = store.timeline(options as unknown as TimelineOptions)
      await expect(asked).rejects.toMatchObject({ code: 'invalid-argument' })
    })

    test('rejects with its signal, and once the store is closed', async () => {
      const store = await ground.open()
      const options = { buckets: 1, where: { n: 1 } }
      await expect(store.timeline({ ...options, signal: AbortSignal.abort() })).rejects.toMatchObject({
        code: 'aborted',
      })
      const controller = new AbortController()
      const asked = store.timeline({ ...options, signal: controller.signal })
      controller.abort('enough')
      await expect(asked).rejects.toMatchObject({ code: 'aborted', cause: 'enough' })
      await store.close()
      await expect(store.timeline(options)).rejects.toMatchObject({ code: 'closed' })
    })
  })
})
