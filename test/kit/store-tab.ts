import type { Health, openStore, Store, StoreOptions } from '../../src/index.js'
import type { Page, Tabs } from './tabs.js'

/** What a test sees of an event. */
export interface Seen {
  sequence: number
  position: number
  producer: string
  producerSeq: number
  data: unknown
}

/** Survives the trip into the page: no functions. `worker` is a script's URL. */
export interface TabOptions extends Pick<StoreOptions, 'host' | 'storage' | 'batchTimeoutMs'> {
  worker?: { shared?: string; dedicated?: string }
}

type StorePage = typeof globalThis & {
  openStore: typeof openStore
  store: Store
  heard: Seen[]
  acked: number
  halted: boolean
  appending: Promise<number>
}

/** Appends that wait for their answer at any time. */
const UNDER_WAY = 10

/** A tab with the store 'shop' open and its topic 'cart' to work on. */
export class StoreTab {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** What openStore answers: the health of the store, or the fault it was rejected with. */
  async open(options: TabOptions = {}): Promise<Health & { code?: string; message?: string }> {
    return this.page.evaluate(async ({ worker, ...options }) => {
      const { openStore } = globalThis as StorePage
      const made = worker && {
        worker: () =>
          worker.shared
            ? new SharedWorker(worker.shared, { type: 'module', extendedLifetime: true })
            : new Worker(worker.dedicated!, { type: 'module' }),
      }
      try {
        const store = await openStore('shop', { ...options, ...made })
        Object.assign(globalThis, { store })
        return await store.health()
      } catch (error) {
        const { code, message } = error as { code: string; message: string }
        return { code, message } as never
      }
    }, options)
  }

  health(): Promise<Health> {
    return this.page.evaluate(() => (globalThis as StorePage).store.health())
  }

  /** Appends numbered events, all at once. */
  async append(name: string, count: number, from = 0): Promise<void> {
    await this.page.evaluate(
      async (all) => {
        const cart = (globalThis as StorePage).store.topic('cart')
        await Promise.all(all.map((data) => cart.append({ type: 'added', data })))
      },
      numbered(name, count, from),
    )
  }

  /** Appends numbered events on and on, some of them under way at any time. */
  async startAppending(name: string): Promise<void> {
    await this.page.evaluate(
      ([name, atOnce]) => {
        const own = globalThis as StorePage
        Object.assign(own, { acked: 0, halted: false })
        const cart = own.store.topic('cart')
        let count = 0
        const one = async (): Promise<void> => {
          while (!own.halted) {
            await cart.append({ type: 'added', data: `${name} ${count++}` })
            own.acked++
          }
        }
        own.appending = Promise.all(Array.from({ length: atOnce }, one)).then(() => count)
      },
      [name, UNDER_WAY] as const,
    )
  }

  /** Resolves once that many more were acknowledged. */
  async acknowledged(more: number): Promise<void> {
    const count = more + (await this.page.evaluate(() => (globalThis as StorePage).acked))
    await this.page.waitForFunction((count) => (globalThis as StorePage).acked >= count, count, { timeout: 50_000 })
  }

  /** How many it appended in all; every one was acknowledged. */
  async stopAppending(): Promise<number> {
    return this.page.evaluate(async () => {
      const own = globalThis as StorePage
      own.halted = true
      return own.appending
    })
  }

  async record(name: string, count: number): Promise<void> {
    await this.page.evaluate(
      ([name, count]) => {
        const cart = (globalThis as StorePage).store.topic('cart')
        for (let n = 0; n < count; n++) cart.record('added', `${name} ${n}`)
      },
      [name, count] as const,
    )
  }

  async read(): Promise<Seen[]> {
    return this.page.evaluate(async () => {
      const events = await (globalThis as StorePage).store.topic('cart').read()
      return events.map(({ sequence, position, producer, producerSeq, data }) => {
        return { sequence, position, producer, producerSeq, data }
      })
    })
  }

  /** Hears everything from the start on. */
  async subscribe(): Promise<void> {
    await this.page.evaluate(async () => {
      const own = globalThis as StorePage
      own.heard = []
      const subscription = own.store.topic('cart').subscribe((events) => own.heard.push(...events), { from: 'start' })
      await subscription.ready
    })
  }

  /** What it heard, once that is `count` events. */
  async heard(count: number): Promise<unknown[]> {
    await this.page.waitForFunction((count) => (globalThis as StorePage).heard.length >= count, count, {
      timeout: 50_000,
    })
    return this.page.evaluate(() => (globalThis as StorePage).heard.map(({ data }) => data))
  }
}

export async function openTab(tabs: Tabs, url = '/'): Promise<StoreTab> {
  const page = await tabs.open(url)
  const content = `import { openStore } from 'tabscribe'; Object.assign(globalThis, { openStore })`
  await page.addScriptTag({ type: 'module', content })
  await page.waitForFunction(() => 'openStore' in globalThis)
  return new StoreTab(page)
}

/** `name 0`, `name 1` … */
export function numbered(name: string, count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, n) => `${name} ${from + n}`)
}

/** What is wrong with a log of `names`' appends: nothing, when each is there once and in its tab's order. */
export function wrongs(log: readonly Seen[], expected: Record<string, number>): string[] {
  const wrong: string[] = []
  log.forEach((event, at) => {
    if (event.position !== at) wrong.push(`position ${event.position} is the log's number ${at}`)
    if (at > 0 && event.sequence <= log[at - 1]!.sequence) wrong.push(`sequence ${event.sequence} does not rise`)
  })
  for (const [name, count] of Object.entries(expected)) {
    const own = log.map(({ data }) => String(data)).filter((data) => data.startsWith(`${name} `))
    const should = numbered(name, count)
    if (own.join() !== should.join()) wrong.push(`${name}: ${own.length} of ${count}: ${own.join()}`)
  }
  const total = Object.values(expected).reduce((sum, count) => sum + count, 0)
  if (log.length !== total) wrong.push(`${log.length} events, not ${total}`)
  return wrong
}
