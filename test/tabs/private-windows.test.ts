/** Firefox's private windows and containers: storage of their own, in memory there, and the same promises. */
import { describe, expect, test } from 'vitest'
import type { Store } from '../../src/index.js'
import { freshTabs } from '../kit/fresh-tabs.js'
import { openTab, wrongs } from '../kit/store-tab.js'
import { endings, RECORDED, survivorsOf } from '../kit/survivors.js'
import type { Kit, Tabs } from '../kit/tabs.js'

describe('in private windows', () => {
  let tabs: Tabs
  freshTabs({ firefoxPrefs: { 'browser.privatebrowsing.autostart': true } }, (fresh) => {
    tabs = fresh
  })

  test.each([['shared-worker'], ['leader'], ['inline']] as const)('tabs share one log on host %s', async (host) => {
    const [a, b] = [await openTab(tabs), await openTab(tabs)]
    for (const tab of [a, b]) {
      expect(await tab.open({ host })).toMatchObject({ host, state: 'ok', durability: 'relaxed', fault: null })
    }
    // What tells a page that it is private.
    expect(await a.page.evaluate(hasFiles)).toBe(false)
    await Promise.all([a.append('a', 50), b.append('b', 50)])
    await a.page.close()
    const later = await openTab(tabs)
    await later.open({ host })
    expect(wrongs(await later.read(), { a: 50, b: 50 })).toEqual([])
    expect(tabs.errors).toEqual([])
  })

  test('an event with a Blob comes back whole', async () => {
    const tab = await openTab(tabs)
    await tab.open()
    const text = await tab.page.evaluate(async () => {
      const { store } = globalThis as unknown as { store: Store }
      await store.topic('files').append({ type: 'added', data: new Blob(['abc']) })
      const [event] = await store.topic('files').read()
      return (event!.data as Blob).text()
    })
    expect(text).toBe('abc')
  })

  test.each(Object.keys(endings))('50 un-awaited records of the last tab, %s, are all in the log', async (ending) => {
    const survivors = await survivorsOf(tabs, ending, 'the last tab')
    expect(survivors).toEqual(Array.from({ length: RECORDED }, (_, n) => n))
  })
})

describe('in containers', () => {
  let tabs: Tabs
  let kit: Kit
  freshTabs({}, (fresh, own) => {
    tabs = fresh
    kit = own
  })

  test('two containers of one site at once have a log each', async () => {
    const others = await kit.freshTabs()
    try {
      const [a, b] = [await openTab(tabs), await openTab(others)]
      for (const tab of [a, b]) expect(await tab.open()).toMatchObject({ host: 'shared-worker', state: 'ok' })
      await Promise.all([a.append('a', 50), b.append('b', 50)])
      expect(wrongs(await a.read(), { a: 50 })).toEqual([])
      expect(wrongs(await b.read(), { b: 50 })).toEqual([])
      expect(await a.health()).toMatchObject({ tabs: 1 })
    } finally {
      await others.close()
    }
  })
})

function hasFiles(): Promise<boolean> {
  return navigator.storage.getDirectory().then(
    () => true,
    () => false,
  )
}
