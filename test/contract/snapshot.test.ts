import { describeEachGround } from '../kit/grounds.js'
import { describe, expect, test, vi } from 'vitest'
import type { Snapshot, Store, StoredEvent } from '../../src/index.js'

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, n) => from + n)
const valuesOf = (events: readonly StoredEvent[]): unknown[] => events.map(({ data }) => data)

describeEachGround((ground) => {
  const filled = async (count: number): Promise<Store> => {
    const store = await ground.open()
    for (let n = 1; n <= count; n++) store.topic(n % 2 ? 'odd' : 'even').record('x', n, { time: 1000 + n })
    return store
  }

  describe('a snapshot', () => {
    test('of two recorded events has two, and takes none away', async () => {
      const store = await filled(2)
      const snapshot = await store.snapshot()
      expect([snapshot.count, (await snapshot.read()).length, await store.count()]).toEqual([2, 2, 2])
    })

    test('taken twice is the same', async () => {
      const store = await filled(10)
      const [one, two] = [await store.snapshot(), await store.snapshot()]
      expect([one.count, one.sequence]).toEqual([two.count, two.sequence])
      expect(await one.read()).toEqual(await two.read())
      expect(await one.read()).toEqual(await store.read())
    })

    test('of an empty store is empty, with sequence -1', async () => {
      const snapshot = await (await ground.open()).snapshot()
      expect([snapshot.count, snapshot.sequence, await snapshot.read(), await snapshot.topics()]).toEqual([
        0,
        -1,
        [],
        [],
      ])
    })

    test('of ten handles that recorded 100 events each has 1,000', async () => {
      const stores = await Promise.all(numbers(1, 10).map(() => ground.open()))
      for (let n = 0; n < 100; n++) for (const [own, store] of stores.entries()) store.topic('t').record('x', [own, n])
      await Promise.all(stores.map((store) => store.flush()))
      const snapshot = await stores[0]!.snapshot()
      expect([snapshot.count, (await snapshot.read()).length, await stores[9]!.count()]).toEqual([1000, 1000, 1000])
    })

    test('tells sequence and time of its newest event', async () => {
      const store = await filled(5)
      expect(await store.snapshot()).toMatchObject({ count: 5, sequence: 4, time: 1005 })
    })

    test('does not see what is recorded later', async () => {
      const store = await filled(3)
      const snapshot = await store.snapshot()
      store.topic('odd').record('x', 'later')
      await store.flush()
      expect([snapshot.count, valuesOf(await snapshot.read())]).toEqual([3, [1, 2, 3]])
      expect((await snapshot.topics()).map(({ name, next, count }) => [name, next, count])).toEqual([
        ['even', 1, 1],
        ['odd', 2, 2],
      ])
    })

    test('keeps what is cleared later', async () => {
      const store = await filled(20)
      const snapshot = await store.snapshot()
      const topics = await snapshot.topics()
      await store.topic('odd').clear()
      expect(valuesOf(await snapshot.read())).toEqual(numbers(1, 20))
      await store.clear()
      await store.compact()
      expect(valuesOf(await snapshot.read())).toEqual(numbers(1, 20))
      expect(await snapshot.topics()).toEqual(topics)
      expect(await store.count()).toBe(0)
    })

    test('keeps what retention lets go later', async () => {
      const store = await filled(20)
      const snapshot = await store.snapshot()
      // The events are of 1970.
      await ground.open({ retention: { maxAgeMs: 60_000 } })
      await store.compact()
      expect(await store.count()).toBe(0)
      expect(valuesOf(await snapshot.read())).toEqual(numbers(1, 20))
    })

    test('reads the same before and after a compaction', async () => {
      const store = await ground.open()
      for (let n = 1; n <= 40; n++) await store.topic('t').append({ type: 'x', data: n })
      const snapshot = await store.snapshot()
      const events = await snapshot.read()
      await store.topic('t').append({ type: 'x', data: 41 })
      await store.compact()
      expect(await snapshot.read()).toEqual(events)
      expect(events).toHaveLength(40)
    })

    test('at a sequence holds what was recorded up to it', async () => {
      const store = await filled(10)
      for (const at of [0, 3, 9, 1000]) {
        const snapshot = await store.snapshot({ at })
        const expected = numbers(1, Math.min(at + 1, 10))
        expect(valuesOf(await snapshot.read())).toEqual(expected)
        expect([snapshot.count, snapshot.sequence]).toEqual([expected.length, expected.length - 1])
      }
    })

    test('at a sequence between many commits tells each topic as it was', async () => {
      const store = await ground.open()
      for (let n = 0; n < 30; n++) await store.topic(n % 2 ? 'odd' : 'even').append({ type: 'x', data: n, time: n })
      const snapshot = await store.snapshot({ at: 14 })
      expect(await snapshot.topics()).toMatchObject([
        { name: 'even', first: 0, next: 8, count: 8, firstTime: 0, lastTime: 14 },
        { name: 'odd', first: 0, next: 7, count: 7, firstTime: 1, lastTime: 13 },
      ])
      expect(valuesOf(await snapshot.read())).toEqual(numbers(0, 14))
    })

    test('of some topics holds those', async () => {
      const snapshot = await (await filled(10)).snapshot({ topics: ['odd', 'nowhere'] })
      expect(valuesOf(await snapshot.read())).toEqual([1, 3, 5, 7, 9])
      expect([snapshot.count, snapshot.sequence]).toEqual([5, 8])
      expect((await snapshot.topics()).map(({ name }) => name)).toEqual(['odd'])
    })

    test('takes queries, and streams', async () => {
      const snapshot = await (await filled(20)).snapshot()
      expect(valuesOf(await snapshot.read({ topics: ['even'], since: 1015, direction: 'backward' }))).toEqual([
        20, 18, 16,
      ])
      expect(valuesOf(await snapshot.read({ from: 18, limit: 1 }))).toEqual([19])
      const streamed = []
      for await (const { data } of snapshot.stream({ pageSize: 3 })) streamed.push(data)
      expect(streamed).toEqual(numbers(1, 20))
    })

    test('becomes a file that holds it', async () => {
      const store = await filled(4)
      const snapshot = await store.snapshot()
      await store.clear()
      const file = JSON.parse(await (await snapshot.toBlob()).text())
      expect(file).toMatchObject({ format: 'tabscribe', store: store.name, sequence: 3 })
      expect(file.events.map(({ data }: { data: number }) => data)).toEqual([1, 2, 3, 4])
    })

    test('refuses to be read once it is closed', async () => {
      const store = await filled(2)
      const snapshot: Snapshot = await store.snapshot()
      snapshot.close()
      snapshot.close()
      await expect(snapshot.read()).rejects.toMatchObject({ code: 'closed' })
      await expect(snapshot.topics()).rejects.toMatchObject({ code: 'closed' })
      await expect(snapshot.toBlob()).rejects.toMatchObject({ code: 'closed' })
      expect(await store.count()).toBe(2)
    })

    test('once closed holds nothing back any more', async () => {
      const store = await filled(20)
      const snapshot = await store.snapshot()
      await store.clear()
      snapshot.close()
      await vi.waitFor(async () => {
        await store.compact()
        expect(await store.metrics()).toMatchObject({ segments: 0, bytes: 0, events: 0 })
      })
    })

    test.each([-1, 0.5, NaN])('at %f is refused', async (at) => {
      const store = await ground.open()
      await expect(store.snapshot({ at })).rejects.toMatchObject({ code: 'invalid-argument' })
    })
  })
})
