import { collector, describeEachGround } from '../kit/grounds.js'
import { DAY } from '../kit/durations.js'
import { manualClock } from '../../src/testing.js'
import { logDatabaseName } from '../../src/protocol/names.js'
import { describe, expect, test } from 'vitest'
import { openStore, type EventDraft, type Store, type StoredEvent, type StoreOptions } from '../../src/index.js'

const SEGMENT_BYTES = 64 * 1024

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, n) => from + n)
const drafts = (from: number, to: number): EventDraft[] => numbers(from, to).map((n) => ({ type: 'x', data: n }))
const valuesOf = (events: readonly StoredEvent[]): unknown[] => events.map(({ data }) => data)
const positionsOf = (events: readonly StoredEvent[]): number[] => events.map(({ position }) => position)

describe('retention', () => {
  test.each<[what: string, options: object]>([
    ['no events', { retention: { maxEvents: 0 } }],
    ['a negative number of events', { retention: { maxEvents: -1 } }],
    ['a fraction of an event', { retention: { maxEvents: 1.5 } }],
    ['no bytes', { retention: { maxBytes: 0 } }],
    ['a fraction of a byte', { retention: { maxBytes: 0.5 } }],
    ['an age of zero', { retention: { maxAgeMs: 0 } }],
    ['an age of NaN', { retention: { maxAgeMs: NaN } }],
    ['a limit that is no number', { retention: { maxEvents: '10' } }],
    ['no events of one topic', { topics: { t: { retention: { maxEvents: 0 } } } }],
  ])('of %s is refused', async (_what, options) => {
    await expect(openStore('a', { storage: 'memory', host: 'inline', ...options })).rejects.toMatchObject({
      code: 'invalid-argument',
    })
  })
})

describeEachGround((ground) => {
  describe('retention', () => {
    test.skipIf(!ground.name.endsWith('inline'))('by age goes by the clock of the store', async () => {
      const clock = manualClock('2026-11-18T12:00Z')
      const store = await ground.open({ clock, retention: { maxAgeMs: DAY } })
      await store.topic('t').append({ type: 'x' })
      clock.advance(DAY)
      expect((await store.compact()).evicted).toBe(0)
      clock.advance(1)
      expect((await store.compact()).evicted).toBe(1)
    })

    test('by number keeps at least that many of the newest, and 1,000 more at most', async () => {
      const store = await ground.open({ retention: { maxEvents: 2000 } })
      const topic = store.topic('t')
      for (let n = 0; n < 10_000; n += 500) await topic.append(drafts(n, n + 499))
      const { evicted } = await store.compact()
      const events = await topic.read()
      expect(events.length).toBeGreaterThanOrEqual(2000)
      expect(events.length).toBeLessThanOrEqual(3000)
      expect(positionsOf(events)).toEqual(numbers(10_000 - events.length, 9999))
      expect(valuesOf(events)).toEqual(positionsOf(events))
      expect(await store.topics()).toMatchObject([{ first: events[0]!.position, next: 10_000, count: events.length }])
      const metrics = await store.metrics()
      expect(metrics).toMatchObject({ events: events.length, evicted: 10_000 - events.length })
      // It runs by itself too: what went before is not in the report.
      expect(evicted).toBeLessThanOrEqual(metrics.evicted)
      expect(await topic.read({ from: 0, to: 10 })).toEqual([])
      expect(await topic.append(drafts(10_000, 10_000))).toMatchObject({ first: 10_000, firstSequence: 10_000 })
    })

    test('by size keeps 5,000 events of 1 KiB under their limit, the newest ones', async () => {
      const maxBytes = 1024 * 1024
      const store = await ground.open({ retention: { maxBytes }, compression: 'off' })
      const topic = store.topic('t')
      const text = '.'.repeat(1000)
      for (let n = 0; n < 5000; n += 250) {
        await topic.append(numbers(n, n + 249).map((own) => ({ type: 'x', data: { n: own, text } })))
      }
      await store.compact()
      const events = await topic.read()
      expect((await store.metrics()).bytes).toBeLessThanOrEqual(maxBytes + SEGMENT_BYTES)
      expect(events.length).toBeGreaterThan(500)
      expect(positionsOf(events)).toEqual(numbers(5000 - events.length, 4999))
      expect(await topic.latest()).toMatchObject({ position: 4999, data: { n: 4999, text } })
    })

    test('by age lets go of what is older, to within one segment', async () => {
      const maxAgeMs = 60_000
      const store = await ground.open({ retention: { maxAgeMs } })
      const topic = store.topic('t')
      const now = Date.now()
      await topic.append(drafts(0, 99).map((draft) => ({ ...draft, time: now - 2 * maxAgeMs })))
      await topic.append(drafts(100, 199).map((draft) => ({ ...draft, time: now })))
      await store.compact()
      expect(positionsOf(await topic.read())).toEqual(numbers(100, 199))
    })

    test('by age wins over a number of events', async () => {
      const store = await ground.open({ retention: { maxAgeMs: 60_000, maxEvents: 1_000_000 } })
      await store.topic('t').append(drafts(0, 99).map((draft) => ({ ...draft, time: 0 })))
      await store.compact()
      expect(await store.count()).toBe(0)
      expect(await store.topic('t').append(drafts(100, 100))).toMatchObject({ first: 100 })
    })

    test('of one topic is its own', async () => {
      const store = await ground.open({
        retention: { maxAgeMs: 60_000 },
        topics: { long: { retention: { maxEvents: 1_000_000 } } },
      })
      for (const name of ['long', 'short']) await store.topic(name).append([{ type: 'x', data: 1, time: 0 }])
      await store.compact()
      expect((await store.read()).map(({ topic }) => topic)).toEqual(['long'])
    })

    test('is the store’s: the latest handle that names one sets it for all', async () => {
      const store = await ground.open()
      await store.topic('t').append([{ type: 'x', data: 1, time: 0 }])
      await store.compact()
      expect(await store.count()).toBe(1)
      await ground.open({ retention: { maxAgeMs: 60_000 } })
      await ground.open()
      await store.compact()
      expect(await store.count()).toBe(0)
    })

    test('without limits nothing goes', async () => {
      const store = await ground.open()
      await store.topic('t').append(drafts(0, 2499).map((draft) => ({ ...draft, time: 0 })))
      expect(await store.compact()).toMatchObject({ evicted: 0 })
      expect(await store.count()).toBe(2500)
    })

    test('lets a subscription go on behind what went', async () => {
      const store = await ground.open({ retention: { maxAgeMs: 60_000 } })
      const topic = store.topic('t')
      await topic.append(drafts(0, 99).map((draft) => ({ ...draft, time: 0 })))
      await store.compact()
      const seen = collector<unknown>()
      using _subscription = topic.subscribe((events) => seen.add(valuesOf(events)), { from: 'start' })
      await topic.append(drafts(100, 109))
      expect(await seen.until(10)).toEqual(numbers(100, 109))
    })
  })

  describe('compact()', () => {
    test('merges small segments, and whoever reads sees the same', async () => {
      const store = await ground.open()
      for (let n = 0; n < 60; n++) {
        await store.topic(n % 2 ? 'a' : 'b').append([{ type: 'x', data: { n }, id: `${n}`, meta: { n } }])
      }
      const [events, topics] = [await store.read(), await store.topics()]
      const report = await store.compact()
      expect(report.segmentsAfter).toBeLessThan(report.segmentsBefore)
      expect(report).toMatchObject({ segmentsAfter: (await store.metrics()).segments, evicted: 0 })
      expect(report.bytesAfter).toBe((await store.metrics()).bytes)
      expect(await store.read()).toEqual(events)
      expect(await store.topics()).toEqual(topics)
      expect(await store.topic('a').append([{ type: 'x', data: 0, id: '1' }])).toMatchObject({ first: 0, last: 0 })
    })

    test('makes repetitive events smaller', async () => {
      const store = await ground.open({ compression: 'cold' })
      const data = { kind: 'pointer', path: '/cart/items', text: 'the same words again and again' }
      await store.topic('t').append(numbers(0, 1999).map((n) => ({ type: 'x', data: { ...data, n } })))
      const report = await store.compact()
      expect(report.bytesAfter).toBeLessThan(report.bytesBefore / 2)
      expect(valuesOf(await store.read())).toEqual(numbers(0, 1999).map((n) => ({ ...data, n })))
    })

    test('beside readers and writers leaves 150 events in order', async () => {
      const handles = await Promise.all(numbers(1, 6).map(() => ground.open()))
      const [first, second, third, ...readers] = handles as [Store, Store, Store, ...Store[]]
      for (let n = 0; n < 100; n++) first.topic('t').record('x', n)
      await first.flush()
      const write = async (store: Store, from: number): Promise<void> => {
        for (let n = from; n < from + 25; n++) await store.topic('t').append(drafts(n, n))
      }
      const read = async (store: Store): Promise<void> => {
        for (let time = 0; time < 10; time++) {
          const events = await store.topic('t').read()
          expect(positionsOf(events)).toEqual(numbers(0, events.length - 1))
          expect(events.length).toBeGreaterThanOrEqual(100)
        }
      }
      const tidy = async (): Promise<void> => {
        for (let time = 0; time < 5; time++) await first.compact()
      }
      await Promise.all([write(second, 100), write(third, 125), ...readers.map(read), tidy()])
      const events = await first.topic('t').read()
      expect(positionsOf(events)).toEqual(numbers(0, 149))
      expect(valuesOf(events).slice(0, 100)).toEqual(numbers(0, 99))
      expect(new Set(valuesOf(events)).size).toBe(150)
    })

    test('of an empty store has nothing to do', async () => {
      expect(await (await ground.open()).compact()).toEqual({
        segmentsBefore: 0,
        segmentsAfter: 0,
        bytesBefore: 0,
        bytesAfter: 0,
        evicted: 0,
      })
    })

    test.runIf(ground.durable)('leaves what a restart reads, and no position is given again', async () => {
      let store = await ground.open({ retention: { maxAgeMs: 60_000 } })
      await store.topic('gone').append(drafts(0, 9).map((draft) => ({ ...draft, time: 0 })))
      for (let n = 0; n < 20; n++) await store.topic('kept').append(drafts(n, n))
      await store.compact()
      const events = await store.read()
      expect(valuesOf(events)).toEqual(numbers(0, 19))
      await store.close()
      store = await ground.reopen()
      expect(await store.read()).toEqual(events)
      expect(await store.topic('gone').append(drafts(1, 1))).toMatchObject({ first: 10, firstSequence: 30 })
    })
  })

  describe('erase()', () => {
    const people = async (options?: StoreOptions): Promise<Store> => {
      const store = await ground.open(options)
      for (let n = 0; n < 12; n++) {
        store.topic(n < 8 ? 'a' : 'b').record('x', { user: n % 3, secret: `secret of ${n % 3}` }, { time: 1000 + n })
      }
      return store
    }
    const erased = { where: { user: 1 } }

    test('removes what matches; positions stay used and reads skip them', async () => {
      const store = await people()
      const rest = (await store.read()).filter(({ data }) => (data as { user: number }).user !== 1)
      expect(await store.erase(erased)).toEqual({ erased: 4 })
      expect(await store.read()).toEqual(rest)
      expect(positionsOf(await store.topic('a').read())).toEqual([0, 2, 3, 5, 6])
      expect([await store.count(), await store.topic('a').count(), (await store.metrics()).events]).toEqual([8, 5, 8])
      expect(await store.topics()).toMatchObject([
        { name: 'a', first: 0, next: 8, count: 5 },
        { name: 'b', first: 0, next: 4, count: 3 },
      ])
      expect(await store.topic('a').append(drafts(1, 1))).toMatchObject({ first: 8 })
    })

    test('takes any query: topics, times, types, a limit', async () => {
      const store = await people()
      expect(await store.erase({ topics: ['b'], since: 1010 })).toEqual({ erased: 2 })
      expect(await store.erase({ types: ['y'] })).toEqual({ erased: 0 })
      expect(await store.erase({ from: 0, to: 2 })).toEqual({ erased: 2 })
      expect((await store.read()).map(({ sequence }) => sequence)).toEqual(numbers(2, 9))
      expect(await store.erase({ limit: 3 })).toEqual({ erased: 3 })
      expect((await store.read()).map(({ sequence }) => sequence)).toEqual(numbers(5, 9))
      expect(await store.erase({ limit: 1, direction: 'backward' })).toEqual({ erased: 1 })
      expect((await store.read()).map(({ sequence }) => sequence)).toEqual(numbers(5, 8))
    })

    test('of the newest event makes the one before it the latest', async () => {
      const store = await people()
      await store.erase({ topics: ['a'], since: 1007 })
      expect(await store.topic('a').latest()).toMatchObject({ position: 6 })
      expect(positionsOf(await store.topic('a').last(2))).toEqual([5, 6])
    })

    test('lets the counts of open snapshots fall', async () => {
      const store = await people()
      const snapshot = await store.snapshot()
      store.topic('a').record('x', { user: 1 })
      expect(await store.erase(erased)).toEqual({ erased: 5 })
      expect(snapshot.count).toBe(8)
      expect(await snapshot.read(erased)).toEqual([])
      expect(await snapshot.read()).toHaveLength(8)
      snapshot.close()
    })

    test('is not undone by a compaction', async () => {
      const store = await people()
      await store.erase(erased)
      const rest = await store.read()
      await store.compact()
      expect(await store.read()).toEqual(rest)
    })

    test('reaches what another handle recorded, and nothing recorded later', async () => {
      const [store, other] = [await ground.open(), await ground.open()]
      other.topic('t').record('x', { user: 1 })
      expect(await store.erase(erased)).toEqual({ erased: 1 })
      other.topic('t').record('x', { user: 1 })
      expect(await store.count(erased)).toBe(1)
    })

    test.runIf(ground.durable)('leaves nothing of it in the database', async () => {
      const store = await people({ compression: 'off' })
      await store.flush()
      expect(await databaseText(store.name)).toContain('secret of 1')
      await store.erase(erased)
      const text = await databaseText(store.name)
      expect(text).toContain('secret of 0')
      expect(text).not.toContain('secret of 1')
      await store.close()
      expect(await (await ground.reopen()).count(erased)).toBe(0)
    })
  })
})

/** Everything in the store's database, as text. */
async function databaseText(store: string): Promise<string> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open(logDatabaseName(store))
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(opening.error!)
  })
  try {
    const names = [...database.objectStoreNames]
    const tx = database.transaction(names)
    const rows = await Promise.all(
      names.map(
        (name) =>
          new Promise<unknown[]>((resolve, reject) => {
            const all = tx.objectStore(name).getAll()
            all.onsuccess = () => resolve(all.result)
            all.onerror = () => reject(all.error!)
          }),
      ),
    )
    return rows.map(textOf).join('\n')
  } finally {
    database.close()
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return String(value)
  if (ArrayBuffer.isView(value)) return new TextDecoder().decode(value)
  if (Object.prototype.toString.call(value) === '[object ArrayBuffer]')
    return new TextDecoder().decode(value as ArrayBuffer)
  const entries = value instanceof Map ? [...value] : Object.entries(value)
  return entries.map(([key, own]) => `${textOf(key)} ${textOf(own)}`).join('\n')
}
