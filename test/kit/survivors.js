/** Fifty events recorded and never waited for, and the end of the tab that recorded them. */

/** @import { Page, Tabs } from './tabs.js' */

export const RECORDED = 50

/** @typedef {{ record(type: string, data: unknown): void }} Recording */

/** @type {Record<string, (page: Page, tabs: Pick<Tabs, 'crash'>) => Promise<void>>} */
export const endings = {
  closed: async (page) => {
    await page.evaluate(record, RECORDED)
    await page.close()
  },
  'navigated away in the same task': async (page) => {
    await page.evaluate((count) => {
      const { topic } = /** @type {{ topic: Recording }} */ (/** @type {unknown} */ (globalThis))
      for (let n = 0; n < count; n++) topic.record('x', { n })
      location.href = 'about:blank'
    }, RECORDED)
    await page.waitForURL('about:blank')
  },
  'recording in pagehide': async (page) => {
    await page.evaluate((count) => {
      const { topic } = /** @type {{ topic: Recording }} */ (/** @type {unknown} */ (globalThis))
      addEventListener('pagehide', () => {
        for (let n = 0; n < count; n++) topic.record('x', { n })
      })
      location.href = 'about:blank'
    }, RECORDED)
    await page.waitForURL('about:blank')
  },
  crashed: async (page, tabs) => {
    await page.evaluate(record, RECORDED)
    await tabs.crash(page)
  },
}

/** @type {Record<string, { host: 'auto' | 'leader' | 'inline', another: boolean }>} what else there is, and the host */
export const situations = {
  'the last tab': { host: 'auto', another: false },
  'with another tab open': { host: 'auto', another: true },
  "the elected tab's worker": { host: 'leader', another: false },
  'the writer in the page': { host: 'inline', another: false },
}

/**
 * Records in a tab, ends it, and answers with the numbers of the events that another tab finds at once.
 * @param {Tabs} tabs
 * @param {string} ending
 * @param {string} situation
 * @returns {Promise<number[]>}
 */
export async function survivorsOf(tabs, ending, situation) {
  const { host, another } = situations[situation] ?? { host: 'auto', another: false }
  if (another) await openIn(await tabs.open(), host)
  const page = await tabs.open()
  await openIn(page, host)
  await endings[ending]?.(page, tabs)
  const later = await tabs.open()
  return later.evaluate(async () => {
    const { tabscribe } = /** @type {{ tabscribe: typeof import('../../src/index.js') }} */ (
      /** @type {unknown} */ (globalThis)
    )
    const store = await tabscribe.openStore('survivors')
    const events = await store.topic('t').read()
    return events.map(({ data }) => /** @type {{ n: number }} */ (data).n)
  })
}

/**
 * Opens the store and gets everything warm, as in an app that has run for a while.
 * @param {Page} page
 * @param {'auto' | 'leader' | 'inline'} host
 */
async function openIn(page, host) {
  await page.evaluate(async (host) => {
    const { tabscribe } = /** @type {{ tabscribe: typeof import('../../src/index.js') }} */ (
      /** @type {unknown} */ (globalThis)
    )
    const store = await tabscribe.openStore('survivors', { host })
    await store.topic('warm').append({ type: 'up', data: null })
    Object.assign(globalThis, { topic: store.topic('t') })
  }, host)
}

/** @param {number} count */
function record(count) {
  const { topic } = /** @type {{ topic: Recording }} */ (/** @type {unknown} */ (globalThis))
  for (let n = 0; n < count; n++) topic.record('x', { n, text: 'something to keep' })
}
