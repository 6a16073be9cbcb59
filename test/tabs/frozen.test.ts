/** Tabs that the browser freezes, or keeps for the back button: they hold up nobody, and miss nothing. */
import { describe, expect, test } from 'vitest'
import { freshTabs } from '../kit/fresh-tabs.js'
import { openTab, type StoreTab, wrongs } from '../kit/store-tab.js'
import type { Tabs } from '../kit/tabs.js'

let tabs: Tabs

freshTabs(
  {
    answers: { '/elsewhere': '<!doctype html><title>elsewhere</title>' },
    launchChromium: { ignoreDefaultArgs: ['--disable-back-forward-cache'] },
  },
  (fresh) => {
    tabs = fresh
  },
)

describe.each([['shared-worker'], ['leader'], ['inline']] as const)('on host %s', (host) => {
  test('a tab comes back from the back/forward cache: it missed nothing, and can write', async () => {
    // Not the first one: the leader's own tab is not kept, its worker's lock is waited for.
    const { second: a, first: b } = await openBoth()
    await a.page.evaluate(() => void Object.assign(globalThis, { kept: true }))
    await a.page.goto(new URL('/elsewhere', a.page.url()).href)
    await b.startAppending('b')
    await b.acknowledged(50)
    const restored = a.page.waitForURL((url) => url.pathname === '/', { waitUntil: 'commit' })
    await a.page.evaluate(() => void setTimeout(() => history.back()))
    await restored
    expect(await a.page.evaluate(notKept)).toBeNull()
    await expectWhole(a, b)
  })

  test('a tab that was frozen goes on where it was', async () => {
    const { first: a, second: b } = await openBoth()
    await tabs.setFrozen(a.page, true)
    await b.startAppending('b')
    await b.acknowledged(50)
    await tabs.setFrozen(a.page, false)
    await expectWhole(a, b)
  })

  // The first one leads, where there is a leader.
  async function openBoth(): Promise<{ first: StoreTab; second: StoreTab }> {
    // As on Android: there an elected tab leads, since there is no SharedWorker.
    if (host === 'leader') await tabs.runFirst(() => Reflect.deleteProperty(globalThis, 'SharedWorker'))
    const [first, second] = [await openTab(tabs), await openTab(tabs)]
    for (const tab of [first, second]) {
      expect(await tab.open(host === 'inline' ? { host } : {})).toMatchObject({ host })
      await tab.subscribe()
    }
    return { first, second }
  }

  async function expectWhole(a: StoreTab, b: StoreTab): Promise<void> {
    await a.append('a', 20)
    const appended = await b.stopAppending()
    const log = await a.read()
    expect(wrongs(log, { a: 20, b: appended })).toEqual([])
    for (const tab of [a, b]) {
      expect(await tab.heard(log.length)).toEqual(log.map(({ data }) => data))
      expect(await tab.health()).toMatchObject({ host, state: 'ok', tabs: host === 'inline' ? 1 : 2 })
    }
  }
})

/** Null for a page that was kept, else why it was not. */
function notKept(): string | null {
  if ('kept' in globalThis) return null
  const [entry] = performance.getEntriesByType('navigation') as (PerformanceEntry & { notRestoredReasons?: unknown })[]
  return JSON.stringify(entry?.notRestoredReasons ?? 'loaded anew')
}
