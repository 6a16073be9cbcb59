/** Counters and limits in real tabs: exact whatever dies, and one limit for all tabs on whichever hosts. */
import { describe, expect, test } from 'vitest'
import type { Reservation, Store, StoreError } from '../../src/index.js'
import { freshTabs } from '../kit/fresh-tabs.js'
import { openTab, type StoreTab } from '../kit/store-tab.js'
import type { Tabs } from '../kit/tabs.js'

let tabs: Tabs

freshTabs({}, (fresh) => {
  tabs = fresh
})

type Host = 'shared-worker' | 'leader' | 'inline'
type StorePage = typeof globalThis & { store: Store; slot: Reservation; recorded: number; halted: boolean }

function openOn(...hosts: Host[]): Promise<StoreTab[]> {
  return openAt('/', ...hosts)
}

async function openAt(url: string, ...hosts: Host[]): Promise<StoreTab[]> {
  const opened: StoreTab[] = []
  for (const host of hosts) {
    const tab = await openTab(tabs, url)
    expect(await tab.open({ host })).toMatchObject({ state: 'ok', host })
    opened.push(tab)
  }
  return opened
}

function total({ page }: StoreTab, id: string): Promise<number | null> {
  return page.evaluate((id) => (globalThis as StorePage).store.counters.query(id).ever().sum(), id)
}

/** How many of `times` at once are let through. */
function checkAndRecord({ page }: StoreTab, times: number, limit: number): Promise<number> {
  return page.evaluate(
    async ([times, limit]) => {
      const limiter = (globalThis as StorePage).store.counters.limit().atMost('x', limit, 'hour')
      const all = await Promise.allSettled(Array.from({ length: times }, () => limiter.checkAndRecord('x')))
      for (const one of all) {
        if (one.status === 'rejected' && (one.reason as StoreError).code !== 'limit-exceeded') throw one.reason
      }
      return all.filter(({ status }) => status === 'fulfilled').length
    },
    [times, limit] as const,
  )
}

describe.each<[string, Host[]]>([
  ['SharedWorker', ['shared-worker', 'shared-worker', 'shared-worker', 'shared-worker', 'shared-worker']],
  ['leader', ['leader', 'leader', 'leader', 'leader', 'leader']],
  ['inline', ['inline', 'inline', 'inline', 'inline', 'inline']],
  ['mixed', ['shared-worker', 'leader', 'inline', 'shared-worker', 'inline']],
])('%s', (_name, hosts) => {
  test('of 50 at once from 5 tabs under a limit of 10, exactly 10 succeed', async () => {
    const all = await openOn(...hosts)
    const passed = await Promise.all(all.map((tab) => checkAndRecord(tab, 10, 10)))
    expect(passed.reduce((sum, own) => sum + own)).toBe(10)
    expect(await Promise.all(all.map((tab) => total(tab, 'x')))).toEqual([10, 10, 10, 10, 10])
    expect(tabs.errors).toEqual([])
  })
})

describe.each<[Host]>([['shared-worker'], ['leader'], ['inline']])('on host %s', (host) => {
  test.each(['closed', 'crashed'] as const)('a slot held by a tab that is %s is let go', async (way) => {
    const [a, b] = (await openOn(host, host)) as [StoreTab, StoreTab]
    // Not the leader: its worker goes with it.
    await b.page.evaluate(async () => {
      const own = globalThis as StorePage
      own.slot = await own.store.counters.limit().atMost('x', 1, 'hour').reserve('x', { ttlMs: 3_600_000 })
    })
    expect(await checkAndRecord(a, 1, 1)).toBe(0)
    await end(b, way)
    await a.page.evaluate(async () => {
      const limiter = (globalThis as StorePage).store.counters.limit().atMost('x', 1, 'hour')
      while (!(await limiter.allowed('x'))) await new Promise(requestAnimationFrame)
    })
    expect(await checkAndRecord(a, 3, 1)).toBe(1)
  })

  test.skipIf(host === 'inline').each(['closed', 'crashed'] as const)(
    'what a tab recorded before it is %s is counted, once',
    async (way) => {
      const [a, b] = (await openOn(host, host)) as [StoreTab, StoreTab]
      await b.page.evaluate(async () => {
        const { counters } = (globalThis as StorePage).store
        const cart = (globalThis as StorePage).store.topic('cart')
        for (let n = 0; n < 500; n++) {
          counters.record('x', { count: 2 })
          counters.record(`id${n % 50}`)
          cart.record('added', n)
        }
        // By then the burst is journaled, whoever has it.
        await new Promise((resolve) => setTimeout(resolve))
      })
      await end(b, way)
      await a.page.evaluate(async () => {
        const query = (globalThis as StorePage).store.counters.query('cart/added')
        while ((await query.ever().sum()) !== 500) await new Promise(requestAnimationFrame)
      })
      expect(await total(a, 'x')).toBe(1000)
      expect(await total(a, 'id49')).toBe(10)
      expect(await a.read()).toHaveLength(500)
    },
  )
})

test('a SharedWorker killed again and again while tabs count: every count is there once', async () => {
  const [a, b] = (await openAt('/mortal', 'shared-worker', 'shared-worker')) as [StoreTab, StoreTab]
  for (const { page } of [a, b]) {
    await page.evaluate(() => {
      const own = globalThis as StorePage
      Object.assign(own, { recorded: 0, halted: false })
      const { counters } = own.store
      const cart = own.store.topic('cart')
      const limiter = counters.limit().atMost('limited', 1_000_000, 'hour')
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = async () => {
        for (let n = 0; n < 5; n++) counters.record('x')
        cart.record('added')
        await limiter.checkAndRecord('limited')
        own.recorded++
        if (!own.halted) port2.postMessage(null)
      }
      port2.postMessage(null)
    })
  }
  const more = async (tab: StoreTab): Promise<void> => {
    const count = 20 + (await tab.page.evaluate(() => (globalThis as StorePage).recorded))
    await tab.page.waitForFunction((count) => (globalThis as StorePage).recorded >= count, count, { timeout: 50_000 })
  }
  for (let round = 0; round < 3; round++) {
    await tabs.killSharedWorkers()
    await Promise.all([more(a), more(b)])
  }
  const done = await Promise.all(
    [a, b].map(async ({ page }) => {
      await page.evaluate(() => {
        ;(globalThis as StorePage).halted = true
      })
      await page.evaluate(() => (globalThis as StorePage).store.flush())
      return page.evaluate(() => (globalThis as StorePage).recorded)
    }),
  )
  const log = await a.read()
  expect(await total(a, 'cart/added')).toBe(log.length)
  expect(await total(a, 'x')).toBe(5 * log.length)
  expect(await total(b, 'limited')).toBeGreaterThanOrEqual(done[0]! + done[1]!)
  expect(await total(b, 'limited')).toBeLessThanOrEqual(log.length)
})

function end({ page }: StoreTab, way: 'closed' | 'crashed'): Promise<void> {
  return way === 'closed' ? page.close() : tabs.crash(page)
}
