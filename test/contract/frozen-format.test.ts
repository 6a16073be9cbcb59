import '../kit/indexeddb.js'
import { afterEach, describe, expect, test } from 'vitest'
import { deleteStore, openStore, type Clock } from '../../src/index.js'
import { sharedJournalName } from '../../src/protocol/names.js'
import { countersOf, described, dump, restore, type FrozenLog } from '../kit/frozen-log.js'
import { manualClock } from '../../src/testing.js'
import v1 from '../format/v1/log.json'
import v1Counters from '../format/v1/counters.json'

// What users have on their disks opens for ever.

const NAME = 'frozen format'
const JOURNAL = sharedJournalName(NAME)
afterEach(() => deleteStore(NAME))

const formats: [version: string, frozen: FrozenLog][] = [
  ['1', v1 as unknown as FrozenLog],
  ['1 with counters', v1Counters as unknown as FrozenLog],
]

describe.each(formats)('format %s', (_version, frozen) => {
  const thawed = async (clock?: Clock) => {
    await restore(`tabscribe:${NAME}`, frozen.log)
    await restore(JOURNAL, frozen.journal)
    return openStore(NAME, { host: 'inline', ...(clock && { clock }) })
  }

  test('every event reads as it did, and what a tab left in its journal with them', async () => {
    const store = await thawed()
    expect(described(await store.read())).toEqual(frozen.events)
    expect(await store.topics()).toEqual(frozen.topics)
    expect(await store.metrics()).toMatchObject({ repairs: 0, errors: 0, events: frozen.events.length })
    await store.close()
    const names = (await indexedDB.databases()).map(({ name }) => name)
    const left = names.includes(JOURNAL) ? (await dump(JOURNAL))['bursts'] : []
    expect(left).toEqual([])
  })

  test.runIf(frozen.counters)('its counters are what they were', async () => {
    const store = await thawed(manualClock('2026-12-01'))
    expect(await countersOf(store)).toEqual(frozen.counters)
    await store.close()
  })

  test.runIf(!frozen.counters)('what it holds is counted, though it has no counters, and goes on being', async () => {
    const store = await thawed(manualClock('2026-12-01'))
    const expected: Record<string, number> = {}
    for (const { topic, type, time, weight } of await store.read()) {
      const id = `${topic}/${type}`
      // What is older than every bucket is seen, and not counted.
      expected[id] = (expected[id] ?? 0) + (time > Date.UTC(2023, 0) ? weight : 0)
    }
    expect((await store.counters.ids()).sort()).toEqual(Object.keys(expected).sort())
    for (const [id, count] of Object.entries(expected)) {
      expect(await store.counters.query(id).ever().sum()).toBe(count)
    }
    store.counters.record('own')
    expect(await store.counters.query('own').ever().sum()).toBe(1)
    await store.close()
  })

  test('it goes on where it stopped', async () => {
    const store = await thawed()
    const cart = store.topic('cart')
    const { next } = (await store.topics()).find(({ name }) => name === 'cart')!
    const last = frozen.events.at(-1) as { sequence: number }
    const receipt = await cart.append([{ type: 'added', data: 'new' }])
    expect(receipt).toMatchObject({ first: next })
    expect(receipt.firstSequence).toBeGreaterThan(last.sequence)
    expect(await cart.append({ type: 'added', data: 'known', id: 'second' })).toMatchObject({
      first: 1,
      last: 1,
      count: 1,
    })
    expect(await store.topic('cleared').append({ type: 'x', data: 'more' })).toMatchObject({ first: 3 })
    await store.compact()
    await store.close()
    const again = await openStore(NAME, { host: 'inline' })
    expect((await again.read()).length).toBe(frozen.events.length + 2)
    expect(described((await again.read()).slice(0, -2))).toEqual(frozen.events)
    await again.close()
  })
})
