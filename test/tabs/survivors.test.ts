import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import type * as Tabscribe from '../../src/index.js'
import { startKit, type BrowserKit, type Tabs } from '../kit/browser.js'

declare const tabscribe: typeof Tabscribe

// The promise no other store gives: what record() took is in the log, whatever becomes of the tab.

let kit: BrowserKit
let tabs: Tabs
beforeAll(async () => {
  kit = await startKit()
})
afterAll(() => kit.close())
beforeEach(async () => {
  tabs = await kit.freshTabs()
})
afterEach(() => tabs.close())

const EVENTS = 50

/** Opens the store and gets everything warm, as in an app that has run for a while. */
async function openStore(page: Page, options: object = {}): Promise<void> {
  await page.evaluate(async (options) => {
    const store = await tabscribe.openStore('survivors', options)
    await store.topic('warm').append({ type: 'up', data: null })
    Object.assign(window, { topic: store.topic('t') })
  }, options)
}

const record = (count: number): void => {
  const { topic } = window as unknown as { topic: { record(type: string, data: unknown): void } }
  for (let n = 0; n < count; n++) topic.record('x', { n, text: 'something to keep' })
}

async function survivors(): Promise<unknown[]> {
  const page = await tabs.open()
  return page.evaluate(async () => {
    const store = await tabscribe.openStore('survivors')
    const events = await store.topic('t').read()
    return events.map(({ data }) => (data as { n: number }).n)
  })
}

const all = Array.from({ length: EVENTS }, (_, n) => n)

const endings: [name: string, (page: Page) => Promise<unknown>][] = [
  [
    'closed',
    async (page) => {
      await page.evaluate(record, EVENTS)
      await page.close()
    },
  ],
  [
    'navigated away in the same task',
    async (page) => {
      await page.evaluate((count) => {
        const { topic } = window as unknown as { topic: { record(type: string, data: unknown): void } }
        for (let n = 0; n < count; n++) topic.record('x', { n })
        location.href = 'about:blank'
      }, EVENTS)
      await page.waitForURL('about:blank')
    },
  ],
  [
    'recording in pagehide',
    async (page) => {
      await page.evaluate((count) => {
        const { topic } = window as unknown as { topic: { record(type: string, data: unknown): void } }
        addEventListener('pagehide', () => {
          for (let n = 0; n < count; n++) topic.record('x', { n })
        })
        location.href = 'about:blank'
      }, EVENTS)
      await page.waitForURL('about:blank')
    },
  ],
  [
    'crashed',
    async (page) => {
      const crashed = page.waitForEvent('crash')
      const cdp = await tabs.context.newCDPSession(page)
      await page.evaluate(record, EVENTS)
      cdp.send('Page.crash').catch(() => {})
      await crashed
    },
  ],
]

test.each(endings)('50 records un-awaited are all in the log when the last tab is %s', async (_name, end) => {
  const page = await tabs.open()
  await openStore(page)
  await end(page)
  expect(await survivors()).toEqual(all)
})

test.each(endings)('they are in the log when another tab is open and this one is %s', async (_name, end) => {
  const other = await tabs.open()
  await openStore(other)
  const page = await tabs.open()
  await openStore(page)
  await end(page)
  expect(await survivors()).toEqual(all)
})

test.each(endings)('they are in the log with the writer in the page that is %s', async (_name, end) => {
  const page = await tabs.open()
  await openStore(page, { host: 'inline' })
  await end(page)
  expect(await survivors()).toEqual(all)
})
