import { expect } from 'vitest'
import type { BrowserKit } from './browser.js'

interface Opened {
  append(events: object): Promise<unknown>
  read(): Promise<{ type: string; data: unknown }[]>
}
type AppPage = typeof globalThis & {
  openShop(
    name: string,
  ): Promise<{ topic(name: string): Opened; health(): Promise<{ host: string; reason: string | null }> }>
  loadPanel(): Promise<Record<string, unknown>>
}

/** What an app does that is tested in a bundler: its pages can open stores, and load the panel. */
export function appScript({ entry = 'tabscribe', panel = 'tabscribe/panel', worker = '' } = {}): string {
  return `import { openStore } from '${entry}'
${worker}
Object.assign(globalThis, {
  openShop: (name) => openStore(name${worker && ', { worker }'}),
  loadPanel: () => import('${panel}'),
})`
}

/** Tab A appends, tab B reads what it wrote, and one SharedWorker served both. */
export async function expectSharedLog(kit: BrowserKit, origin: string): Promise<void> {
  const tabs = await kit.freshTabs(origin)
  try {
    const a = await tabs.open()
    const b = await tabs.open()
    for (const tab of [a, b]) await tab.waitForFunction(() => 'loadPanel' in globalThis)
    const fromA = await a.evaluate(async () => {
      const store = await (globalThis as AppPage).openShop('shop')
      await store.topic('cart').append({ type: 'added', data: { n: 1 } })
      const { host, reason } = await store.health()
      return { host, reason }
    })
    const seenByB = await b.evaluate(async () => {
      const store = await (globalThis as AppPage).openShop('shop')
      const events = await store.topic('cart').read()
      const { host, reason } = await store.health()
      return { host, reason, events: events.map(({ type, data }) => ({ type, data })) }
    })
    const panel = await b.evaluate(async () => Object.keys(await (globalThis as AppPage).loadPanel()))
    expect({ fromA, seenByB, panel, errors: tabs.errors }).toEqual({
      fromA: { host: 'shared-worker', reason: null },
      seenByB: { host: 'shared-worker', reason: null, events: [{ type: 'added', data: { n: 1 } }] },
      panel: ['mountPanel'],
      errors: [],
    })
  } finally {
    await tabs.close()
  }
}
