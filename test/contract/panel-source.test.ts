import { describe, expect, test } from 'vitest'
import { InspectedStore } from '../../extension/inspected-store.js'
import { Line } from '../../extension/line.js'
import { PanelServer } from '../../src/client/serve-panel.js'
import { lastEvents } from '../../src/fold/last-events.js'
import type { Fault, Store } from '../../src/index.js'
import { memoryEvent, openMemory } from '../../src/memory.js'
import type { EventFilter } from '../../src/protocol/event-filter.js'
import { PANEL_SOURCE, type PanelSource, type PanelSourceMaker } from '../../src/protocol/panel-source.js'
import { collector, describeEachGround, type Ground } from '../kit/grounds.js'
import { portWire, type Carriage } from '../kit/port-wire.js'

type Way = (store: Store) => Promise<PanelSource>

async function direct(store: Store): Promise<PanelSource> {
  return (store as unknown as { [PANEL_SOURCE]: PanelSourceMaker })[PANEL_SOURCE]([lastEvents])
}

const overLine =
  (carriage: Carriage): Way =>
  async (store) => {
    const { wire, port } = portWire(carriage)
    const server = new PanelServer(await direct(store), port)
    const line = new Line(wire)
    const hello = await line.hello()
    const inspected = new InspectedStore(hello)
    inspected.attach(line, hello)
    void line.lost.then(() => server.close())
    return inspected
  }

const ways: [name: string, way: Way][] = [
  ['in the same page', direct],
  ['over a line that clones', overLine('structured clone')],
  ['over a line of JSON', overLine('JSON')],
]

/** Two topics in turn, one event a second. */
async function filledOn(ground: Ground, sourceOf: Way, count: number): Promise<{ store: Store; source: PanelSource }> {
  const store = await ground.open()
  for (let at = 0; at < count; at++) {
    await store.topic(at % 2 === 0 ? 'cart' : 'ui').append({ type: 'set', data: { n: at }, time: 1000 * at })
  }
  return { store, source: await sourceOf(store) }
}

describeEachGround((ground) => {
  describe.each(ways)('%s', (_name, sourceOf) => {
    const filled = (count: number): ReturnType<typeof filledOn> => filledOn(ground, sourceOf, count)

    test('lanes are the counts of the topics asked for', async () => {
      const { source } = await filled(10)
      const { lanes } = await source.lanes({
        by: 'topic',
        topics: ['cart'],
        types: null,
        since: 0,
        until: 10_000,
        buckets: 2,
      })
      expect(lanes.map(({ key, counts, total }) => [key, [...counts], total])).toEqual([['cart', [3, 2], 5]])
      source.close()
    })

    test('the neighbours of an event are those of its own topic; at the ends there is none', async () => {
      const { source } = await filled(6)
      expect(await source.neighbour('cart', 1, 1)).toMatchObject({ topic: 'cart', position: 2 })
      expect(await source.neighbour('cart', 1, -1)).toMatchObject({ topic: 'cart', position: 0 })
      expect(await source.neighbour('cart', 0, -1)).toBeNull()
      expect(await source.neighbour('ui', 2, 1)).toBeNull()
      source.close()
    })

    test('a state is that of a projection by its name, and says which events changed a part of it', async () => {
      const { source } = await filled(6)
      expect(await source.state(lastEvents.name, 3)).toMatchObject({
        state: { cart: { set: { n: 2 } }, ui: { set: { n: 3 } } },
      })
      const changes = await source.changes(lastEvents.name, ['cart', 'set', 'n'], null, 2)
      expect(changes.map(({ change }) => [change.before, change.after])).toEqual([
        [2, 4],
        [0, 2],
      ])
      await expect(source.state('unknown', null)).rejects.toMatchObject({ code: 'invalid-argument' })
      source.close()
    })

    test('an export holds what the filter lets through, below the sequence it is asked for', async () => {
      const { source } = await filled(10)
      const filter: EventFilter = { all: [{ is: 'value', path: ['n'], compare: '>', value: 2 }] }
      const seen: number[] = []
      const blob = await source.export(
        { filter, before: 7, format: 'json' },
        { onProgress: ({ done }) => seen.push(done), signal: new AbortController().signal },
      )
      const { events } = JSON.parse(await blob.text()) as { events: { data: { n: number } }[] }
      expect(events.map(({ data }) => data.n)).toEqual([3, 4, 5, 6])
      expect(seen.length).toBeGreaterThan(0)
      source.close()
    })

    test('an export of a text holds just what the search for it finds, whatever the data is', async () => {
      const store = await ground.open()
      const source = await sourceOf(store)
      const data = [
        new Map([['size', 12n]]),
        { size: [12, 'x"y'] },
        new Uint8Array([7, 12]),
        'x"y 12',
        undefined,
        new Date(12),
      ]
      await store.topic('any').append(data.map((own) => ({ type: 'set', data: own })))
      const found: number[][] = []
      for (const text of ['12', 'x"y', 'size', '7', '$']) {
        const filter: EventFilter = { all: [{ is: 'text', text }] }
        const search = await source.search(filter)
        let progress = await search.progress(-1)
        while (progress?.done === false) progress = await search.progress(progress.revision)
        const matches = (await search.rows(0, 10)).map(({ sequence }) => sequence)
        search.close()
        const blob = await source.export({ filter, before: null, format: 'json' })
        const { events } = JSON.parse(await blob.text()) as { events: { sequence: number }[] }
        expect(events.map(({ sequence }) => sequence)).toEqual(matches)
        found.push(matches)
      }
      expect(found[1]).toEqual([1, 3])
      source.close()
    })

    test('an export that is cancelled ends at once', async () => {
      const { source } = await filled(4)
      const cancelled = { onProgress() {}, signal: AbortSignal.abort('enough') }
      await expect(source.export(undefined, cancelled)).rejects.toMatchObject({ code: 'aborted' })
      source.close()
    })

    test('the newest event at or below a sequence is found, also where that one was erased', async () => {
      const { store, source } = await filled(5)
      expect(await source.eventAt(3)).toMatchObject({ sequence: 3 })
      await store.erase({ topics: ['ui'] })
      expect(await source.eventAt(3)).toMatchObject({ sequence: 2 })
      source.close()
    })

    test('counters come with their buckets, as many as are asked for, by a part of their id', async () => {
      const { store, source } = await filled(4)
      store.counters.record('sale', { count: 7 })
      const request = { unit: 'day' as const, containing: '', limit: 2 }
      expect(await source.counters(request)).toMatchObject({
        unit: 'day',
        total: 3,
        counters: [{ id: 'cart/set' }, { id: 'sale', ever: 7 }],
      })
      const { counters } = await source.counters({ ...request, containing: 'al' })
      expect(counters.map(({ id, buckets }) => [id, buckets[0], buckets.length])).toEqual([['sale', 7, 56]])
      source.close()
    })

    test('limits are told with what is used of them, whichever tab asked, the newest first', async () => {
      const { store, source } = await filled(1)
      const other = await ground.open()
      const signIn = store.counters.limit().atMost('sign-in', 2, 'hour')
      await signIn.checkAndRecord('sign-in')
      await signIn.checkAndRecord('sign-in')
      await other.counters.limit().atLeast('launch', 10, 'day').cooldown('sign-in', { minutes: 5 }).allowed('review')
      const { limits } = await source.counters({ unit: null, containing: '', limit: 0 })
      expect(limits).toMatchObject([
        { constraint: { is: 'cooldown', id: 'sign-in' }, used: null, refusal: 'it happened just now' },
        { constraint: { is: 'atLeast', id: 'launch', count: 10 }, used: 0, refusal: 'there were 0 of at least 10' },
        { constraint: { is: 'atMost', id: 'sign-in', limit: 2 }, used: 2, refusal: '2 of at most 2' },
      ])
      expect(limits[0]!.retryAfterMs).toBeGreaterThan(4 * 60_000)
      expect(limits[2]!.retryAfterMs).toBeGreaterThan(59 * 60_000)
      source.close()
    })

    test('without a filter rows, ranks and counts are those that a filter for everything finds', async () => {
      const { store, source } = await filled(40)
      await store.erase({ from: 4, to: 6 })
      const found = await Promise.all(
        [{ all: [] }, { all: [{ is: 'topic', match: { contains: '' } }] } satisfies EventFilter].map(async (filter) => {
          const search = await source.search(filter)
          let progress = await search.progress(-1)
          while (progress?.done === false) progress = await search.progress(progress.revision)
          const rows = await search.rows(3, 12)
          const answers = [
            progress?.matches,
            progress?.since,
            progress?.until,
            rows.map(({ sequence, data }) => [sequence, data]),
            await Promise.all([0, 4, 5, 6, 39, 40, 99].map((sequence) => search.rankOf(sequence))),
            await search.histogram(0, 40_000, 4),
          ]
          search.close()
          return answers
        }),
      )
      expect(found[0]).toEqual(found[1])
      expect(found[0]![0]).toBe(38)
      source.close()
    })

    test('memory events are shown as what they add up to; without any there is nothing', async () => {
      const { store, source } = await filled(2)
      expect(await source.memory(10)).toBeNull()
      const kit = openMemory(store)
      kit.record(memoryEvent.allocate(64n, 100, 1).withTimestamp(1_000_000n))
      kit.record(memoryEvent.allocate(128n, 50, 1).withTimestamp(2_000_000n))
      kit.record(memoryEvent.deallocate(64n, 100, 1).withTimestamp(9_000_000n))
      await store.flush()
      const found = await source.memory(9)
      expect(found?.summary).toMatchObject({ current: 50, peak: 150, active: 1 })
      expect(found?.usage.map(({ bytes }) => bytes)).toEqual([100, 150, 150, 150, 150, 150, 150, 150, 50])
      expect(found?.top).toMatchObject([{ ptr: 128n, size: 50 }])
      source.close()
    })

    test('the panel is told of the faults that the app has heard', async () => {
      const heard = collector<Fault>()
      const store = await ground.open({ maxQueueBytes: 10_000, onFault: (fault) => heard.add([fault]) })
      const source = await sourceOf(store)
      for (let n = 0; n < 20; n++) store.topic('cart').record('set', '.'.repeat(1000))
      const [fault] = await heard.until(1)
      expect(fault).toMatchObject({ code: 'queue-full' })
      expect((await source.health()).faults).toContainEqual(fault)
      source.close()
    })

    test('health comes with the figures of the writer', async () => {
      const { source } = await filled(4)
      expect(await source.health()).toMatchObject({
        health: { state: 'ok', tabs: 1 },
        metrics: { events: 4, queued: 0 },
        faults: [],
      })
      source.close()
    })
  })
})
