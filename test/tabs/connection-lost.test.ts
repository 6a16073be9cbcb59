/** The process that keeps the browser's databases dies: nobody has to reload the page. */
import { expect, test } from 'vitest'
import type * as Tabscribe from '../../src/index.js'
import { freshTabs } from '../kit/fresh-tabs.js'
import type { Page, Tabs } from '../kit/tabs.js'

declare const tabscribe: typeof Tabscribe

interface LostPage {
  store: Tabscribe.Store
  heard: unknown[]
}

let tabs: Tabs
freshTabs({}, (fresh) => {
  tabs = fresh
})

async function open(host: 'shared-worker' | 'leader' | 'inline'): Promise<Page> {
  const page = await tabs.open()
  await page.evaluate(async (host) => {
    const own = globalThis as unknown as LostPage
    own.store = await tabscribe.openStore('lost', { host })
    own.heard = []
    await own.store.topic('t').subscribe((events) => own.heard.push(...events.map(({ data }) => data))).ready
  }, host)
  return page
}

function append(page: Page, data: string): Promise<number> {
  return page.evaluate(async (data) => {
    const receipt = await (globalThis as unknown as LostPage).store.topic('t').append({ type: 'a', data })
    return receipt.first
  }, data)
}

test.each([['shared-worker'], ['leader'], ['inline']] as const)(
  'on host %s: open tabs append, record, read and hear again, once each, in order',
  async (host) => {
    const [a, b] = [await open(host), await open(host)]
    expect([await append(a, 'a'), await append(b, 'b')]).toEqual([0, 1])
    // What it kept, it kept in memory: the log begins anew.
    await tabs.crashStorage()
    const first = await append(a, 'a later')
    await b.evaluate(() => (globalThis as unknown as LostPage).store.topic('t').record('a', 'b recorded'))
    expect(await append(b, 'b later')).toBe(first + 2)
    for (const page of [a, b]) {
      const seen = await page.evaluate(async () => {
        const { store, heard } = globalThis as unknown as LostPage
        const events = await store.topic('t').read({ direction: 'backward', limit: 3 })
        return { events: events.map(({ data }) => data), heard, state: (await store.health()).state }
      })
      expect(seen.events).toEqual(['b later', 'b recorded', 'a later'])
      expect(seen.state).toBe('ok')
      await page.waitForFunction(() => (globalThis as unknown as LostPage).heard.at(-1) === 'b later')
    }
  },
)
