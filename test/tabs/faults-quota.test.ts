/** A full disk: who waits is told, what was recorded is kept, and room can be made. */
import { describe, expect, test } from 'vitest'
import type { StoreOptions } from '../../src/index.js'
import { freshTabs } from '../kit/fresh-tabs.js'
import * as faulty from '../kit/faulty-store.js'
import { faultScript, faultyAnswers } from '../kit/storage-faults.js'
import type { Page, Tabs } from '../kit/tabs.js'

let tabs: Tabs
let page: Page
freshTabs({ answers: faultyAnswers }, async (fresh) => {
  tabs = fresh
  await tabs.runFirst(faultScript)
  page = await tabs.open()
  await tabs.limitStorage(3_000_000)
})

const freeSpace = (): Promise<void> => tabs.limitStorage(null)

/** Events of so many bytes that nothing can compress, until one is refused. */
async function appendRandom(count: number, size = 37_500): Promise<{ stored: number; codes: string[] }> {
  return page.evaluate(
    async ([count, size]) => {
      const { topic } = globalThis as unknown as faulty.FaultyPage
      const bytes = new Uint8Array(size)
      const codes: string[] = []
      let stored = 0
      for (let n = 0; n < count && codes.length === 0; n++) {
        crypto.getRandomValues(bytes)
        const data = btoa(String.fromCharCode(...bytes))
        await topic.append({ type: 'big', data }).then(
          () => stored++,
          ({ code }: { code: string }) => codes.push(code),
        )
      }
      return { stored, codes }
    },
    [count, size] as const,
  )
}

// Until not even the smallest event fits.
async function fill(host: faulty.FaultyHost, options?: StoreOptions): Promise<number> {
  await faulty.openFaulty(page, host, { compression: 'off', ...options })
  let filled = 0
  for (const size of [37_500, 3_000, 10]) {
    const { stored, codes } = await appendRandom(1_000, size)
    expect(codes).toEqual(['quota-exceeded'])
    filled += stored
  }
  expect(filled).toBeGreaterThan(20)
  return filled
}

const count = (): Promise<number> => page.evaluate(() => (globalThis as unknown as faulty.FaultyPage).topic.count())
const small = (): Promise<unknown[]> =>
  page.evaluate(async () => {
    const events = await (globalThis as unknown as faulty.FaultyPage).topic.read({ types: ['r'] })
    return events.map(({ data }) => data)
  })

describe.each(faulty.faultyHosts)('on host %s', (host) => {
  test('an append that does not fit rejects and is not kept; records wait and are stored once there is room', async () => {
    const stored = await fill(host)
    expect(await faulty.append(page, 'small')).toEqual({ code: 'quota-exceeded', retry: 'after-freeing-space' })
    await faulty.record(page, 5)
    expect(await faulty.told(page, 1)).toContain('quota-exceeded')
    expect(await faulty.health(page)).toMatchObject({ state: 'degraded', fault: { code: 'quota-exceeded' } })
    expect(await count()).toBe(stored)
    expect(await faulty.metrics(page)).toMatchObject({ queued: 5, events: stored })

    await freeSpace()
    await faulty.untilState(page, 'ok')
    expect(await small()).toEqual([0, 1, 2, 3, 4])
    expect(await count()).toBe(stored + 5)
    expect(await faulty.append(page, 'now')).toEqual({ position: stored + 5 })
  })

  test('retention makes room by itself: nothing is refused', async () => {
    await faulty.openFaulty(page, host, { compression: 'off', retention: { maxBytes: 1_000_000 } })
    expect(await appendRandom(150)).toEqual({ stored: 150, codes: [] })
    const { evicted, events } = await faulty.metrics(page)
    expect(evicted).toBeGreaterThan(80)
    expect(events + evicted).toBe(150)
  })

  test('clear makes room at the wall', async () => {
    const stored = await fill(host)
    await page.evaluate(() => (globalThis as unknown as faulty.FaultyPage).topic.clear())
    expect(await count()).toBe(0)
    expect(await faulty.health(page)).toMatchObject({ state: 'ok' })
    expect(await faulty.append(page, 'fits')).toEqual({ position: stored })
    expect(await faulty.metrics(page)).toMatchObject({ repairs: 0, events: 1 })
  })

  test('clear removes what waits to be stored, too', async () => {
    await fill(host)
    await faulty.record(page, 5)
    await faulty.told(page, 1)
    await page.evaluate(() => (globalThis as unknown as faulty.FaultyPage).topic.clear())
    await faulty.record(page, 2, 10)
    expect(await small()).toEqual([10, 11])
  })

  test('compact and erase settle, and lose nothing', async () => {
    const stored = await fill(host)
    const codes = await page.evaluate(async () => {
      const { store } = globalThis as unknown as faulty.FaultyPage
      const code = (work: Promise<unknown>): Promise<string> =>
        work.then(
          () => 'done',
          (error: { code: string }) => error.code,
        )
      return [await code(store.compact()), await code(store.erase({ limit: 1 }))]
    })
    for (const code of codes) expect(['done', 'quota-exceeded']).toContain(code)
    expect(await count()).toBe(codes[1] === 'done' ? stored - 1 : stored)
    await freeSpace()
    await faulty.untilState(page, 'ok')
    expect(await faulty.append(page, 'now')).toEqual({ position: stored })
  })
})

test('what was recorded at the wall survives the crash of its tab', async () => {
  await fill('inline')
  await faulty.record(page, 5)
  await faulty.told(page, 1)
  await page.waitForFunction(() => Object.keys(localStorage).some((key) => key.startsWith('tabscribe:spill:')))
  await tabs.crash(page)
  await freeSpace()
  page = await tabs.open()
  await faulty.openFaulty(page, 'inline')
  expect(await small()).toEqual([0, 1, 2, 3, 4])
})
