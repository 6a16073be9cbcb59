import { describe, expect, test } from 'vitest'
import { openExport, openStore, type CounterExport, type Counters, type Store } from '../../src/index.js'
import { describeEachGround } from '../kit/grounds.js'

let lastReplica = 0

/** A store beside the ground's: another replica. */
async function replica(counts: Record<string, number> = {}): Promise<Store> {
  const store = await openStore(`replica-${++lastReplica}`, { storage: 'memory', host: 'inline' })
  record(store.counters, counts)
  return store
}

function record(counters: Counters, counts: Record<string, number>): void {
  for (const [id, count] of Object.entries(counts)) counters.record(id, { count })
}

async function totals(counters: Pick<Counters, 'ids' | 'query'>): Promise<Record<string, number | null>> {
  const ids = (await counters.ids()).toSorted()
  return Object.fromEntries(await Promise.all(ids.map(async (id) => [id, await counters.query(id).ever().sum()])))
}

const overJson = (data: CounterExport): CounterExport => JSON.parse(JSON.stringify(data)) as CounterExport

describeEachGround((ground) => {
  describe('export', () => {
    test('three, none, those named', async () => {
      const { counters } = await ground.open()
      expect((await counters.export()).counters).toEqual({})
      record(counters, { a: 1, b: 2, ['__proto__']: 3 })
      const data = await counters.export()
      expect(data).toMatchObject({ format: 'tabscribe-counters', version: 1, replica: expect.any(String) })
      expect(Object.keys(data.counters).sort()).toEqual(['__proto__', 'a', 'b'])
      expect(Object.keys((await counters.export({ ids: ['b', 'none'] })).counters)).toEqual(['b'])
    })

    test('what is not loaded is exported too', async () => {
      const { counters } = await ground.open()
      record(counters, { a: 1, b: 2 })
      await counters.compact()
      expect(Object.keys((await counters.export()).counters).sort()).toEqual(['a', 'b'])
    })
  })

  describe('import', () => {
    test('one, many, over what was there; buckets too, and it is dirty', async () => {
      const source = await replica({ a: 10, b: 20 })
      const data = overJson(await source.counters.export())
      const { counters } = await ground.open()
      await counters.import(data)
      expect(await totals(counters)).toEqual({ a: 10, b: 20 })
      expect(await counters.query('a').lastHours(2).sum()).toBe(10)
      expect(await counters.isDirty()).toBe(true)
      record(counters, { a: 5, b: 5, c: 5 })
      expect(await totals(counters)).toEqual({ a: 15, b: 25, c: 5 })
      await counters.import({ ...data, counters: { a: data.counters['a'] } })
      expect(await totals(counters)).toEqual({ a: 10, b: 25, c: 5 })
      await source.close()
    })

    test('of its own export: back to what it was', async () => {
      const { counters } = await ground.open()
      record(counters, { a: 10 })
      const data = await counters.export()
      record(counters, { a: 5, b: 1 })
      await counters.import(data)
      expect(await totals(counters)).toEqual({ a: 10, b: 1 })
      record(counters, { a: 1 })
      expect(await counters.query('a').lastHours(2).sum()).toBe(11)
    })
  })

  describe('merge', () => {
    test('adds, also to what is not here, and with nothing', async () => {
      const source = await replica({ a: 50, b: 30 })
      const { counters } = await ground.open()
      record(counters, { a: 100, c: 1 })
      await counters.merge(overJson(await source.counters.export()))
      expect(await totals(counters)).toEqual({ a: 150, b: 30, c: 1 })
      expect(await counters.query('a').lastHours(2).sum()).toBe(150)
      expect(await counters.query('a').lastSeen()).toBeLessThan(60_000)
      const empty = await replica()
      await counters.merge(await empty.counters.export())
      expect(await totals(counters)).toEqual({ a: 150, b: 30, c: 1 })
      await Promise.all([source.close(), empty.close()])
    })

    test('the same again counts once, and is not dirty; a newer one takes its place', async () => {
      const source = await replica({ a: 15 })
      const { counters } = await ground.open()
      const first = await source.counters.export()
      await counters.merge(first)
      await counters.persist()
      await counters.merge(overJson(first))
      expect(await counters.isDirty()).toBe(false)
      expect(await totals(counters)).toEqual({ a: 15 })
      record(source.counters, { a: 5 })
      await counters.merge(await source.counters.export())
      expect(await counters.isDirty()).toBe(true)
      expect(await totals(counters)).toEqual({ a: 20 })
      await counters.merge(first)
      expect(await totals(counters)).toEqual({ a: 20 })
      await source.close()
    })

    test('its own changes nothing', async () => {
      const { counters } = await ground.open()
      record(counters, { a: 15 })
      await counters.merge(await counters.export())
      record(counters, { a: 15 })
      await counters.merge(await counters.export())
      expect(await totals(counters)).toEqual({ a: 30 })
    })

    test('three replicas that merge each other, in any order and again, agree', async () => {
      const stores = [await replica({ x: 15 }), await replica({ x: 20 }), await ground.open()]
      record(stores[2]!.counters, { x: 30 })
      for (const from of [0, 1, 2, 1, 0]) {
        const data = await stores[from]!.counters.export()
        for (const [to, store] of stores.entries()) if (to !== from) await store.counters.merge(data)
      }
      expect(await Promise.all(stores.map(({ counters }) => counters.query('x').ever().sum()))).toEqual([65, 65, 65])
      record(stores[0]!.counters, { x: 1 })
      await stores[1]!.counters.merge(await stores[0]!.counters.export())
      await stores[2]!.counters.merge(await stores[1]!.counters.export())
      expect(await stores[2]!.counters.query('x').ever().sum()).toBe(66)
      await Promise.all(stores.slice(0, 2).map((store) => store.close()))
    })

    test.skipIf(!ground.durable)(
      'what was merged is there after a restart, and apart from what is counted',
      async () => {
        const source = await replica({ a: 50 })
        const store = await ground.open()
        record(store.counters, { a: 1 })
        await store.counters.merge(await source.counters.export())
        await store.close()
        const { counters } = await ground.reopen()
        record(counters, { a: 1 })
        expect(await totals(counters)).toEqual({ a: 52 })
        record(source.counters, { a: 50 })
        await counters.merge(await source.counters.export())
        expect(await totals(counters)).toEqual({ a: 102 })
        await source.close()
      },
    )
  })

  test('a bad file is refused with the name of the field, and nothing changes', async () => {
    const source = await replica({ a: 1 })
    const good = overJson(await source.counters.export())
    const [part] = (good.counters['a'] as { parts: Record<string, unknown>[] }).parts
    const withPart = (change: object) => ({ ...good, counters: { a: { parts: [{ ...part, ...change }] } } })
    const { counters } = await ground.open()
    record(counters, { a: 7 })
    for (const [field, data] of [
      ['counters', null],
      ['counters', 'text'],
      ['format', {}],
      ['format', { ...good, format: 'tabscribe' }],
      ['version', { ...good, version: 0 }],
      ['replica', { ...good, replica: '' }],
      ['tracked', { ...good, tracked: 5 }],
      ['tracked[].unit', { ...good, tracked: [{ unit: 'fortnight', buckets: 1 }] }],
      ['timeZone', { ...good, timeZone: 'Mars' }],
      ['counters', { ...good, counters: [] }],
      ["counters['a']", { ...good, counters: { a: 5 } }],
      ["counters['a'].parts", { ...good, counters: { a: { parts: 5 } } }],
      ["counters['a'].parts", { ...good, counters: { a: { parts: [part, part] } } }],
      ["counters['a'].parts[0].replica", withPart({ replica: 5 })],
      ["counters['a'].parts[0].stamp", withPart({ stamp: [1] })],
      ["counters['a'].parts[0].total", withPart({ total: -1 })],
      ["counters['a'].parts[0].first", withPart({ first: 'x' })],
      ["counters['a'].parts[0].units", withPart({ units: { fortnight: [] } })],
      ["counters['a'].parts[0].units.hour", withPart({ units: { hour: [[1, -1]] } })],
      ["counters['a'].parts[0].units.hour", withPart({ units: { hour: [[1e20, 1]] } })],
    ] as const) {
      for (const way of ['import', 'merge'] as const) {
        const refused = { code: 'invalid-file', fault: { field } }
        await expect(counters[way](data as never)).rejects.toMatchObject(refused)
      }
    }
    await expect(counters.merge({ ...good, version: 2 })).rejects.toMatchObject({ code: 'incompatible' })
    await expect(counters.import({ ...good, more: () => {} } as never)).rejects.toMatchObject({ code: 'invalid-file' })
    expect(await totals(counters)).toEqual({ a: 7 })
    await source.close()
  })

  describe('in the files of the store', () => {
    async function filled(): Promise<Store> {
      const store = await ground.open()
      record(store.counters, { own: 5 })
      await store.topic('t').append([{ type: 'x' }, { type: 'x', weight: 4 }])
      return store
    }

    test("'json' holds the counters, unless they are not wanted; the others only if they are", async () => {
      const store = await filled()
      const json = async (options?: object): Promise<unknown> => JSON.parse(await (await store.export(options)).text())
      expect(await json()).toHaveProperty('counters.format', 'tabscribe-counters')
      expect(await json({ pretty: true })).toHaveProperty('counters.counters.own')
      expect(await json({ counters: false })).not.toHaveProperty('counters')
      const lines = async (counters?: boolean): Promise<string[]> => {
        const blob = await store.export({ format: 'ndjson', ...(counters === undefined ? {} : { counters }) })
        return (await blob.text()).trimEnd().split('\n')
      }
      expect(await lines()).toHaveLength(3)
      const last = (await lines(true)).at(-1)!
      expect(Object.keys((JSON.parse(last) as { counters: CounterExport }).counters.counters).sort()).toEqual([
        'own',
        't/x',
      ])
      const trace = await store.export({ format: 'chrome-trace', counters: true })
      expect(JSON.parse(await trace.text())).not.toHaveProperty('counters')
    })

    test.each(['json', 'ndjson'] as const)(
      '%s: an import merges them, once, and counts no event again',
      async (format) => {
        const store = await filled()
        const file = await store.export({ format, counters: true })
        const other = await replica({ own: 1, mine: 2 })
        await other.import(file)
        expect(await totals(other.counters)).toEqual({ own: 6, mine: 2, 't/x': 5 })
        await other.import(file)
        expect(await totals(other.counters)).toEqual({ own: 6, mine: 2, 't/x': 5 })
        await store.import(file)
        expect(await totals(store.counters)).toEqual({ own: 5, 't/x': 5 })
        const without = await replica()
        await without.import(await store.export({ counters: false }))
        expect(await without.counters.ids()).toEqual([])
        await Promise.all([other.close(), without.close()])
      },
    )

    test('a file whose counters are bad is not imported at all', async () => {
      const store = await filled()
      const data = JSON.parse(await (await store.export()).text()) as { counters: CounterExport }
      data.counters.counters['own'] = { parts: 5 }
      const other = await replica()
      const refused = { code: 'invalid-file', fault: { field: "counters['own'].parts" } }
      await expect(other.import(new Blob([JSON.stringify(data)]))).rejects.toMatchObject(refused)
      expect(await other.count()).toBe(0)
      await expect(openExport(data as never)).rejects.toMatchObject({ code: 'invalid-file' })
      await other.close()
    })

    test('openExport() answers queries as the store did, and only those', async () => {
      const store = await ground.open({ counters: { track: { hour: 24, day: 7 }, timeZone: 'Asia/Kathmandu' } })
      record(store.counters, { a: 5, b: 20 })
      for (const file of [await store.export(), await store.export({ format: 'ndjson', counters: true })]) {
        const { counters, close } = await openExport(file)
        expect(await counters.ids()).toEqual(['a', 'b'])
        expect(counters.trackedIntervals()).toEqual(store.counters.trackedIntervals())
        expect(await counters.query('a').lastDays(7).buckets()).toEqual([5, 0, 0, 0, 0, 0, 0])
        expect(await counters.query('a').lastMinutes(1).sum()).toBeNull()
        expect(await counters.queryRatio('a', 'b').ever()).toBe(0.25)
        expect(await counters.queryMany(['a', 'b']).lastHours(2).sum()).toBe(25)
        expect(await counters.query('a').firstSeen()).toBeLessThan(60_000)
        expect(Object.keys((await counters.export()).counters)).toEqual(['a', 'b'])
        for (const name of ['record', 'limit', 'clear', 'merge', 'import', 'compact'])
          expect(counters).not.toHaveProperty(name)
        await close()
      }
      const bare = await openExport(await store.export({ counters: false }))
      expect(await bare.counters.ids()).toEqual([])
      await bare.close()
    })

    test('clear() keeps counters unless they are asked for', async () => {
      const store = await filled()
      await store.clear()
      expect(await totals(store.counters)).toEqual({ own: 5, 't/x': 5 })
      record(store.counters, { own: 1 })
      const cleared = store.clear({ counters: true })
      record(store.counters, { own: 2 })
      await cleared
      expect(await totals(store.counters)).toEqual({ own: 2 })
      await expect(store.clear({ counters: 1 as never })).rejects.toMatchObject({ code: 'invalid-argument' })
    })
  })
})
