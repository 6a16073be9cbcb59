/** Every host in real tabs: one log for all of them, and nothing lost when the writer goes. */
import { describe, expect, inject, test } from 'vitest'
import { testPage } from '../kit/browser.js'
import { freshTabs } from '../kit/fresh-tabs.js'
import { numbered, openTab, type StoreTab, wrongs } from '../kit/store-tab.js'
import type { Tabs } from '../kit/tabs.js'

let tabs: Tabs

freshTabs(
  {
    answers: { '/old': testPage('/dist-old/') },
    folders: { '/dist-old/': 'dist' },
  },
  (fresh) => {
    tabs = fresh
  },
)

const hosts = [['shared-worker'], ['leader'], ['inline']] as const
type Host = (typeof hosts)[number][0]

/** With the option 'auto', as far as there is a choice. */
async function openOn(host: Host, count: number, url = '/'): Promise<StoreTab[]> {
  if (host === 'leader') await tabs.runFirst(() => Reflect.deleteProperty(globalThis, 'SharedWorker'))
  const opened: StoreTab[] = []
  for (let n = 0; n < count; n++) {
    const tab = await openTab(tabs, url)
    expect(await tab.open(host === 'inline' ? { host } : {})).toMatchObject({ state: 'ok', host })
    opened.push(tab)
  }
  return opened
}

describe.each(hosts)('on host %s', (host) => {
  test('all tabs share one ordered log, and each hears all of it', async () => {
    const all = await openOn(host, 4)
    await Promise.all(all.map((tab) => tab.subscribe()))
    await Promise.all(all.map((tab, n) => tab.append(`tab${n}`, 50)))
    const log = await all[0]!.read()
    expect(wrongs(log, { tab0: 50, tab1: 50, tab2: 50, tab3: 50 })).toEqual([])
    for (const tab of all) {
      expect(await tab.read()).toEqual(log)
      expect(await tab.heard(200)).toEqual(log.map(({ data }) => data))
    }
    expect(tabs.errors).toEqual([])
  })

  test('a read started after an append resolved in another tab sees it', async () => {
    const [a, b] = await openOn(host, 2)
    for (let n = 0; n < 10; n++) {
      await a!.append('a', 1, n)
      expect((await b!.read()).map(({ data }) => data)).toEqual(numbered('a', n + 1))
    }
  })

  test.each(['closed', 'crashed', 'navigated away'] as const)(
    'the first tab %s while others append: every one of theirs is there once, and heard',
    async (way) => {
      const [first, a, b] = (await openOn(host, 3)) as [StoreTab, StoreTab, StoreTab]
      await Promise.all([a.subscribe(), b.subscribe()])
      for (const [name, tab] of Object.entries({ first, a, b })) await tab.startAppending(name)
      for (const tab of [first, a, b]) await tab.acknowledged(20)
      await end(first, way)
      for (const tab of [a, b]) await tab.acknowledged(50)
      const appended = { a: await a.stopAppending(), b: await b.stopAppending() }
      const log = await b.read()
      const ofFirst = log.filter(({ data }) => String(data).startsWith('first')).length
      expect(wrongs(log, { ...appended, first: ofFirst })).toEqual([])
      for (const tab of [a, b]) {
        expect(await tab.heard(log.length)).toEqual(log.map(({ data }) => data))
        expect(await tab.health()).toMatchObject({ state: 'ok', host })
      }
    },
  )
})

test('a SharedWorker killed again and again while tabs append loses and repeats nothing', async () => {
  const [a, b] = (await openOn('shared-worker', 2, '/mortal')) as [StoreTab, StoreTab]
  await Promise.all([a.subscribe(), b.subscribe()])
  await a.startAppending('a')
  await b.startAppending('b')
  for (let round = 0; round < 3; round++) {
    expect(await tabs.killSharedWorkers()).toBe(1)
    for (const tab of [a, b]) await tab.acknowledged(30)
  }
  const appended = { a: await a.stopAppending(), b: await b.stopAppending() }
  const log = await a.read()
  expect(wrongs(log, appended)).toEqual([])
  for (const tab of [a, b]) expect(await tab.heard(log.length)).toEqual(log.map(({ data }) => data))
  // A SharedWorker that closed itself Firefox goes on connecting to, if one tab is quick enough: the next host takes over.
  const left = inject('engine') === 'firefox' ? hosts.flat() : ['shared-worker']
  const { state, host } = await a.health()
  expect(state).toBe('ok')
  expect(left).toContain(host)
})

describe('at once on one log', () => {
  test('all hosts: what one has committed the others read and hear', async () => {
    const all: StoreTab[] = []
    for (const host of ['shared-worker', 'leader', 'inline', 'leader'] as const) {
      const tab = await openTab(tabs)
      expect(await tab.open({ host })).toMatchObject({ host })
      await tab.subscribe()
      all.push(tab)
    }
    for (const [n, tab] of all.entries()) {
      await tab.append(`tab${n}`, 1)
      for (const other of all) expect((await other.read()).at(-1)!.data).toBe(`tab${n} 0`)
      for (const other of all) expect((await other.heard(n + 1)).at(-1)).toBe(`tab${n} 0`)
    }
    await Promise.all(all.map((tab, n) => tab.append(`tab${n}`, 50, 1)))
    const log = await all[0]!.read()
    expect(wrongs(log, { tab0: 51, tab1: 51, tab2: 51, tab3: 51 })).toEqual([])
    for (const tab of all) expect(await tab.heard(204)).toEqual(log.map(({ data }) => data))
  })

  test.each([
    ['the old one first', ['/old', '/']],
    ['the new one first', ['/', '/old']],
  ])('two versions of the app, %s: nothing lost, doubled or out of order', async (_, urls) => {
    const all: StoreTab[] = []
    for (const url of [...urls, ...urls]) {
      const tab = await openTab(tabs, url)
      expect(await tab.open()).toMatchObject({ host: 'shared-worker', reason: null })
      await tab.subscribe()
      all.push(tab)
    }
    const writers = await Promise.all(all.map(async (tab) => (await tab.health()).writer))
    expect(new Set(writers).size).toBe(2)
    for (const [n, tab] of all.entries()) await tab.startAppending(`tab${n}`)
    for (const tab of all) await tab.acknowledged(20)
    await all[0]!.page.close()
    const left = all.slice(1)
    for (const tab of left) await tab.acknowledged(50)
    const [tab1, tab2, tab3] = (await Promise.all(left.map((tab) => tab.stopAppending()))) as [number, number, number]
    const log = await all[1]!.read()
    const tab0 = log.filter(({ data }) => String(data).startsWith('tab0')).length
    expect(wrongs(log, { tab0, tab1, tab2, tab3 })).toEqual([])
    for (const tab of left) expect(await tab.heard(log.length)).toEqual(log.map(({ data }) => data))
  })
})

async function end({ page }: StoreTab, way: 'closed' | 'crashed' | 'navigated away'): Promise<void> {
  if (way === 'closed') return page.close()
  if (way === 'navigated away') return void (await page.goto('about:blank'))
  await tabs.crash(page)
}
