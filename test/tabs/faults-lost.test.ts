/** Storage that is deleted, wiped, put back, not there at all: nothing is given out twice, and someone is told. */
import { describe, expect, test } from 'vitest'
import type * as Tabscribe from '../../src/index.js'
import { freshTabs } from '../kit/fresh-tabs.js'
import * as faulty from '../kit/faulty-store.js'
import { rawDatabase } from '../kit/raw-database.js'
import { faultScript, faultyAnswers } from '../kit/storage-faults.js'
import type { Page, Tabs } from '../kit/tabs.js'

declare const tabscribe: typeof Tabscribe

let tabs: Tabs
freshTabs({ answers: faultyAnswers }, async (fresh) => {
  tabs = fresh
  await tabs.runFirst(faultScript)
})

async function open(host: faulty.FaultyHost): Promise<Page> {
  const page = await tabs.open()
  await faulty.openFaulty(page, host)
  return page
}

/** Some events in two topics; returns what the next one gets. */
async function fill(page: Page): Promise<{ position: number; sequence: number }> {
  return page.evaluate(async () => {
    const { store, topic } = globalThis as unknown as faulty.FaultyPage
    for (let n = 0; n < 5; n++)
      await topic.append([
        { type: 'a', data: n },
        { type: 'b', data: n },
      ])
    const { lastSequence } = await store.topic('other').append({ type: 'a', data: 'other' })
    return { position: 10, sequence: lastSequence + 1 }
  })
}

/** What the next event of each topic gets. */
async function places(page: Page): Promise<{ position: number; sequence: number; other: number }> {
  return page.evaluate(async () => {
    const { store, topic } = globalThis as unknown as faulty.FaultyPage
    const { first, firstSequence } = await topic.append({ type: 'a', data: 'later' })
    const other = await store.topic('other').append({ type: 'a', data: 'later' })
    return { position: first, sequence: firstSequence, other: other.first }
  })
}

/** Waits until what is noted outside of the database is up to date. */
async function closeStore(page: Page): Promise<void> {
  await page.evaluate(() => (globalThis as unknown as faulty.FaultyPage).store.close())
  await page.close()
}

describe.each(faulty.faultyHosts)('on host %s', (host) => {
  describe('a database wiped', () => {
    test('under an open tab: the log goes on above all it gave out, and tells', async () => {
      const page = await open(host)
      const before = await fill(page)
      await tabs.wipeDatabases()
      const { position, sequence, other } = await places(page)
      expect(position).toBe(before.position)
      expect(sequence).toBeGreaterThanOrEqual(before.sequence)
      expect(other).toBe(1)
      expect(await faulty.told(page, 1)).toEqual(['storage-lost'])
      expect(await faulty.read(page)).toEqual(['later'])
      expect(await faulty.metrics(page)).toMatchObject({ events: 2 })
    })

    test('under an open tab that only reads: it tells as well', async () => {
      const page = await open(host)
      await fill(page)
      await tabs.wipeDatabases()
      expect(await faulty.read(page)).toEqual([])
      expect(await faulty.told(page, 1)).toEqual(['storage-lost'])
    })

    test('under an open tab: its subscription hears what is appended afterwards', async () => {
      const page = await open(host)
      await fill(page)
      await page.evaluate(async () => {
        const own = globalThis as unknown as faulty.FaultyPage & { heard: unknown[] }
        own.heard = []
        const { ready } = own.topic.subscribe((events) => own.heard.push(...events.map(({ data }) => data)))
        await ready
      })
      await tabs.wipeDatabases()
      await places(page)
      await page.waitForFunction(() => (globalThis as unknown as { heard: unknown[] }).heard.length > 0)
      expect(await page.evaluate(() => (globalThis as unknown as { heard: unknown[] }).heard)).toEqual(['later'])
    })

    test('while all tabs were closed: the same', async () => {
      const first = await open(host)
      const before = await fill(first)
      await closeStore(first)
      await tabs.wipeDatabases()
      const page = await open(host)
      expect(await faulty.told(page, 1)).toEqual(['storage-lost'])
      const { position, sequence, other } = await places(page)
      expect(position).toBe(before.position)
      expect(sequence).toBeGreaterThanOrEqual(before.sequence)
      expect(other).toBe(1)
      await closeStore(page)
      const again = await open(host)
      expect(await faulty.read(again)).toEqual(['later'])
      expect(await faulty.told(again)).toEqual([])
    })
  })

  describe.each(['open', 'closed'])('a database put back as it was before, tabs %s', (tabsAre) => {
    test('the log goes on above all it gave out, keeps what is there, and tells', async () => {
      let page = await open(host)
      expect(await faulty.append(page, 'kept')).toEqual({ position: 0 })
      const aside = await tabs.open()
      const copy = await rawDatabase(aside).copy()
      const lost = await faulty.append(page, 'lost')
      expect(lost).toEqual({ position: 1 })
      if (tabsAre === 'closed') await closeStore(page)
      await rawDatabase(aside).putBack(copy)
      if (tabsAre === 'closed') page = await open(host)
      expect(await faulty.append(page, 'later')).toEqual({ position: 2 })
      expect(await faulty.told(page, 1)).toEqual(['storage-lost'])
      expect(await faulty.read(page)).toEqual(['kept', 'later'])
    })
  })

  test('deleteStore closes it in all tabs and resolves; those go on with an empty one', async () => {
    const [a, b, c] = [await open(host), await open(host), await tabs.open()]
    await fill(a)
    await faulty.append(b, 'b')
    await c.evaluate(() => Promise.all([tabscribe.deleteStore('faults'), tabscribe.deleteStore('faults')]))
    expect(await faulty.read(a)).toEqual([])
    expect(await faulty.append(b, 'new')).toEqual({ position: 0 })
    expect(await faulty.read(a)).toEqual(['new'])
    for (const page of [a, b]) expect(await faulty.told(page)).toEqual([])
  })
})

test('opening while a deletion is pending waits for it, and works then', async () => {
  const page = await tabs.open()
  const blocker = await tabs.open()
  await faulty.openFaulty(page, 'inline')
  await fill(page)
  await page.evaluate(() => (globalThis as unknown as faulty.FaultyPage).store.close())
  // A connection that does not give way.
  await blocker.evaluate(
    () =>
      new Promise((resolve) => {
        const request = indexedDB.open('tabscribe:faults')
        request.onsuccess = () => resolve(void Object.assign(globalThis, { held: request.result }))
      }),
  )
  await page.evaluate(() => {
    const own = globalThis as unknown as { order: string[]; both: Promise<unknown> }
    own.order = []
    const deleted = tabscribe.deleteStore('faults').then(() => own.order.push('deleted'))
    const opened = tabscribe.openStore('faults', { host: 'inline' }).then(async (store) => {
      own.order.push('opened')
      return (await store.topic('t').append({ type: 'a', data: 1 })).first
    })
    own.both = Promise.all([opened, deleted])
  })
  await blocker.evaluate(() => (globalThis as unknown as { held: IDBDatabase }).held.close())
  const [first] = (await page.evaluate(() => (globalThis as unknown as { both: Promise<number[]> }).both)) as [number]
  expect(first).toBe(0)
  expect(await page.evaluate(() => (globalThis as unknown as { order: string[] }).order)).toEqual(['deleted', 'opened'])
})

describe('without storage', () => {
  test('in the page the same engine works in memory, and health tells', async () => {
    const page = await tabs.open()
    await faulty.inject(page, 'inline', { open: Infinity })
    await faulty.openFaulty(page, 'inline')
    await expectMemory(page)
  })

  test('in the page with everything refused by events: the same', async () => {
    const page = await tabs.open()
    await faulty.inject(page, 'inline', { refuse: Infinity })
    await faulty.openFaulty(page, 'inline')
    await expectMemory(page)
  })

  test('in the worker, and in the page no journal either: the same', async () => {
    await tabs.runFirst(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('Denied', 'SecurityError')
      }
    })
    const page = await tabs.open()
    await page.evaluate(async () => {
      const own = globalThis as unknown as faulty.FaultyPage
      own.told = []
      const worker = (): SharedWorker =>
        new SharedWorker('/hopeless-worker.js', { type: 'module', extendedLifetime: true })
      own.store = await tabscribe.openStore('faults', { worker, onFault: (fault) => own.told.push(fault) })
      own.topic = own.store.topic('t')
    })
    await expectMemory(page)
  })

  test('a store whose journal could not be opened can be closed and opened again', async () => {
    await tabs.runFirst(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('Denied', 'SecurityError')
      }
    })
    const page = await tabs.open()
    for (let round = 0; round < 2; round++) {
      await faulty.openFaulty(page, 'inline')
      expect(await faulty.append(page, round)).toEqual({ position: 0 })
      await page.evaluate(() => (globalThis as unknown as faulty.FaultyPage).store.close())
    }
  })
})

async function expectMemory(page: Page): Promise<void> {
  expect(await faulty.health(page)).toMatchObject({
    durability: 'memory',
    state: 'degraded',
    fault: { code: 'storage-unavailable', message: expect.stringContaining('Nothing is kept on disk') as string },
  })
  await faulty.record(page, 3)
  expect(await faulty.append(page, 'a')).toEqual({ position: 3 })
  expect(await faulty.read(page)).toEqual([0, 1, 2, 'a'])
  expect(await faulty.told(page)).toEqual([])
  expect(tabs.errors).toEqual([])
}
