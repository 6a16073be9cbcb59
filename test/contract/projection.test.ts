import { describe, expect, test } from 'vitest'
import {
  defineProjection,
  openExport,
  type Projection,
  type ReadableStore,
  type Store,
  type StoredEvent,
} from '../../src/index.js'
import { expectSame } from '../kit/any-data.js'
import { describeEachGround } from '../kit/grounds.js'

const total = defineProjection({
  name: 'total',
  version: 1,
  initial: () => ({ sum: 0, seen: new Map<string, number>() }),
  reduce(state, event: StoredEvent) {
    const seen = new Map(state.seen).set(event.topic, event.position)
    return { sum: state.sum + (event.data as number), seen }
  },
})

/** As advised against: it changes the state it is given, and keeps what it finds in events. */
const ledger = defineProjection({
  name: 'ledger',
  version: 1,
  initial: (): { items: unknown[]; count: number } => ({ items: [], count: 0 }),
  reduce(state, event: StoredEvent) {
    if (state.items.length < 5) state.items.push(event.data)
    state.count++
    return state
  },
})

const numbers = (count: number, from = 0): { type: string; data: number }[] =>
  Array.from({ length: count }, (_, n) => ({ type: 'x', data: from + n }))

function folded<S>(projection: Projection<S>, events: readonly StoredEvent[]): S {
  return structuredClone(events.reduce((state, event) => projection.reduce(state, event), projection.initial()))
}

/** So many that some checkpoints are left on the way. */
const MANY = 80_000

async function filled(store: Store, count = MANY): Promise<void> {
  for (let from = 0; from < count; from += 10_000) await store.topic('a').append(numbers(10_000, from))
}

describeEachGround((ground) => {
  describe('project', () => {
    test('of nothing is the initial state', async () => {
      const store = await ground.open()
      expect(await store.project(total)).toEqual({ state: total.initial(), sequence: -1, replayed: 0 })
    })

    test('sees what this tab has just recorded', async () => {
      const store = await ground.open()
      store.topic('a').record('x', 1)
      store.topic('b').record('x', 2)
      const { state, sequence, replayed } = await store.project(total)
      expect(state).toEqual({ sum: 3, seen: new Map([['a', 0], ['b', 0]]) }) // prettier-ignore
      expect([sequence, replayed]).toEqual([1, 2])
    })

    test('at a sequence is the fold of all events up to it', async () => {
      const store = await ground.open()
      for (let n = 0; n < 20; n++) store.topic(`t${n % 3}`).record('x', n)
      const events = await store.read()
      for (const at of [0, 1, 7, 19, 20, 1000, Infinity]) {
        const prefix = events.filter(({ sequence }) => sequence <= at)
        const { state, sequence } = await store.project(total, { at })
        expectSame(state, folded(total, prefix))
        expect(sequence).toBe(prefix.at(-1)!.sequence)
      }
    })

    test('folds its own topics only', async () => {
      const store = await ground.open()
      for (let n = 0; n < 9; n++) store.topic(`t${n % 3}`).record('x', n)
      const own = { ...total, topics: ['t1', 'never recorded'] }
      expect(await store.project(own)).toEqual({
        state: { sum: 1 + 4 + 7, seen: new Map([['t1', 2]]) },
        sequence: 7,
        replayed: 3,
      })
      expect(await store.project({ ...total, topics: [] })).toEqual({
        state: total.initial(),
        sequence: -1,
        replayed: 0,
      })
    })

    test('of many events is the fold of the prefix anywhere, by checkpoints once it was folded', async () => {
      const store = await ground.open()
      await filled(store)
      const events = await store.read()
      expect((await store.project(total)).replayed).toBe(MANY)
      const again = ground.durable ? await store.close().then(() => ground.reopen()) : store
      const replays = []
      for (const at of [0, 1, 30_000, 40_000, 65_535, 65_536, 70_001, MANY - 1]) {
        const { state, replayed } = await again.project(total, { at })
        expectSame(state, folded(total, events.slice(0, at + 1)))
        replays.push(replayed)
      }
      expect(Math.max(...replays)).toBeLessThan(45_000)
      expect((await again.project(total)).replayed).toBeLessThan(45_000)
      const other = await again.project({ ...total, version: 2 })
      expect(other.replayed).toBe(MANY)
      expectSame(other.state, folded(total, events))
    })

    test('hands out a state of its own to everyone', async () => {
      const store = await ground.open()
      store.topic('a').record('x', { n: 1 })
      const empty = { items: [], count: 0 }
      const shared = { ...ledger, initial: () => empty }
      const first = await store.project(shared)
      first.state.items.push('mine')
      const second = await store.project(shared)
      expect(second.state).toEqual({ items: [{ n: 1 }], count: 1 })
      expect(empty).toEqual({ items: [], count: 0 })
      expect(second.state.items[0]).not.toBe(first.state.items[0])
    })

    test('of a reducer that changes the state it is given is the fold of the prefix', { timeout: 30_000 }, async () => {
      const store = await ground.open()
      await filled(store)
      expect((await store.project(ledger)).state.count).toBe(MANY)
      const { state, replayed } = await store.project(ledger, { at: MANY - 10 })
      expect(state).toEqual({ items: [0, 1, 2, 3, 4], count: MANY - 9 })
      expect(replayed).toBeLessThan(45_000)
    })

    test('is the fold of what is left once events are erased, cleared or evicted', { timeout: 60_000 }, async () => {
      const store = await ground.open()
      await filled(store)
      await store.topic('b').append(numbers(100))
      const ofB = { ...total, topics: ['b'] }
      const expectFold = async (): Promise<void> => {
        const events = await store.read()
        for (const at of [10_000, 70_000, MANY, Infinity]) {
          const prefix = events.filter(({ sequence }) => sequence <= at)
          const { state, sequence } = await store.project(total, { at })
          expectSame(state, folded(total, prefix))
          expect(sequence).toBe(prefix.at(-1)?.sequence ?? -1)
        }
        const own = events.filter(({ topic }) => topic === 'b')
        expectSame((await store.project(ofB)).state, folded(ofB, own))
      }
      await expectFold()
      await store.erase({ topics: ['a'], from: 50_000, to: 50_010 })
      await expectFold()
      // What lies before the first erased event needs not be folded again.
      expect((await store.project(total, { at: 49_999 })).replayed).toBeLessThan(45_000)
      const limited = await ground.reopen({ topics: { a: { retention: { maxEvents: 60_000 } } } })
      await limited.compact()
      expect(await store.topic('a').count()).toBeLessThan(70_000)
      await expectFold()
      await store.compact()
      await expectFold()
      await store.topic('a').clear()
      await expectFold()
      await store.clear()
      expect(await store.project(total)).toEqual({ state: total.initial(), sequence: -1, replayed: 0 })
      await store.topic('a').append(numbers(10))
      await expectFold()
    })

    test('in a snapshot is the fold of what the snapshot sees', { timeout: 60_000 }, async () => {
      const store = await ground.open()
      await filled(store)
      await store.topic('b').append(numbers(10))
      const events = await store.read()
      const [whole, early, ofB] = await Promise.all([
        store.snapshot(),
        store.snapshot({ at: 60_000 }),
        store.snapshot({ topics: ['b'] }),
      ])
      const expectFold = async (): Promise<void> => {
        expectSame((await whole.project(total)).state, folded(total, events))
        const { state, sequence } = await early.project(total)
        expectSame(state, folded(total, events.slice(0, 60_001)))
        expect(sequence).toBe(60_000)
        expectSame((await ofB.project(total)).state, folded(total, events.slice(MANY)))
      }
      await expectFold()
      expect((await whole.project(total)).replayed).toBeLessThan(45_000)
      await store.topic('a').append(numbers(10))
      await store.project(total)
      await expectFold()
      await store.clear()
      await store.topic('a').append(numbers(50_000))
      await store.project(total)
      await expectFold()
      whole.close()
      await expect(whole.project(total)).rejects.toMatchObject({ code: 'closed' })
    })

    test('lets the page live while it goes on', async () => {
      const store = await ground.open()
      await store.topic('a').append(numbers(100))
      const slow: Projection<number> = {
        name: 'slow',
        version: 1,
        initial: () => 0,
        reduce(state) {
          for (const startedAt = performance.now(); performance.now() - startedAt < 1;);
          return state + 1
        },
      }
      let turns = 0
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => {
        turns++
        port2.postMessage(null)
      }
      port2.postMessage(null)
      const folding = store.project(slow)
      expect((await folding).state).toBe(100)
      port1.close()
      // A hundred milliseconds of work.
      expect(turns).toBeGreaterThan(10)
    })

    test('of an exported file is that of the store', async () => {
      const store = await ground.open()
      for (let n = 0; n < 30; n++) store.topic(`t${n % 3}`).record('x', n)
      await store.erase({ from: 5, to: 8 })
      const file = await openExport(await store.export())
      for (const at of [0, 6, 20, Infinity]) {
        expect(await file.project(total, { at })).toEqual(await store.project(total, { at }))
      }
      const changes = async (of: ReadableStore): Promise<unknown[]> => {
        const found = []
        for await (const { event, change } of of.history(total, ['sum'])) found.push([event.sequence, change])
        return found
      }
      expect(await changes(file)).toEqual(await changes(store))
      expect(await (await file.snapshot({ at: 9 })).project(total)).toEqual(await file.project(total, { at: 9 }))
      await file.close()
    })

    test('names the projection, its version and the event where it goes wrong', async () => {
      const store = await ground.open()
      store.topic('a').record('x', 1)
      store.topic('a').record('x', 2)
      const throwing = {
        ...total,
        reduce: (state: ReturnType<typeof total.initial>, { data }: StoredEvent) => {
          if (data === 2) throw new TypeError('no twos')
          return state
        },
      }
      const fault = { projection: 'total', version: 1, sequence: 1 }
      await expect(store.project(throwing)).rejects.toMatchObject({ code: 'invalid-argument', fault })
      await expect(store.project(throwing)).rejects.toThrow(/'total' version 1.*sequence 1.*no twos/)
      expect((await store.project(throwing, { at: 0 })).replayed).toBe(1)
      const uncloneable = { ...total, reduce: (): never => (() => {}) as never }
      await expect(store.project(uncloneable)).rejects.toMatchObject({ code: 'not-cloneable', fault })
      const badStart = { ...total, initial: () => (() => {}) as never }
      await expect(store.project(badStart)).rejects.toMatchObject({ code: 'not-cloneable', fault: { sequence: -1 } })
    })

    test.each<[unknown, unknown]>([
      [null, {}],
      [{ ...total, name: '' }, {}],
      [{ ...total, version: 1.5 }, {}],
      [{ ...total, version: -1 }, {}],
      [{ ...total, topics: 'a' }, {}],
      [{ ...total, initial: 1 }, {}],
      [{ ...total, reduce: undefined }, {}],
      [total, { at: -1 }],
      [total, { at: 1.5 }],
    ])('%o at %o is an invalid argument', async (projection, options) => {
      const store = await ground.open()
      const asked = store.project(projection as typeof total, options as { at: number })
      await expect(asked).rejects.toMatchObject({ code: 'invalid-argument' })
    })
  })
})
