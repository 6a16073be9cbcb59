import type * as Tabscribe from '../../src/index.js'
import type { Fault, Store, StoreOptions, Topic } from '../../src/index.js'
import type { Page } from './tabs.js'

declare const tabscribe: typeof Tabscribe

/** What a page of these tests has on its global object. */
export interface FaultyPage {
  store: Store
  topic: Topic
  told: Fault[]
  /** Makes the log's storage fail, see storage-faults.js. */
  inject(injection: Injection, hasWorker: boolean): Promise<void>
}

export type Injection = Partial<Record<'abort' | 'throws' | 'closed' | 'open' | 'refuse', number>>

export type FaultyHost = 'inline' | 'shared-worker'
export const faultyHosts: [FaultyHost][] = [['inline'], ['shared-worker']]

/** Opens the store 'faults' with its topic 't' on a host whose storage can be made to fail. */
export async function openFaulty(page: Page, host: FaultyHost, options: StoreOptions = {}): Promise<void> {
  await page.evaluate(
    async ([host, options]) => {
      const own = globalThis as unknown as FaultyPage
      own.told = []
      const worker = (): SharedWorker =>
        new SharedWorker('/worker.js', { type: 'module', name: 'faulty', extendedLifetime: true })
      own.store = await tabscribe.openStore('faults', {
        host,
        ...options,
        ...(host === 'inline' ? {} : { worker }),
        onFault: (fault) => own.told.push(fault),
      })
      own.topic = own.store.topic('t')
    },
    [host, options] as const,
  )
}

export async function inject(page: Page, host: FaultyHost, injection: Injection): Promise<void> {
  await page.evaluate(([injection, hasWorker]) => (globalThis as unknown as FaultyPage).inject(injection, hasWorker), [
    injection,
    host !== 'inline',
  ] as const)
}

/** Rejects with what the page's rejected with: its code and how to go on. */
export async function append(
  page: Page,
  data: unknown,
): Promise<{ position: number } | { code: string; retry: string }> {
  return page.evaluate(async (data) => {
    try {
      const receipt = await (globalThis as unknown as FaultyPage).topic.append({ type: 'a', data })
      return { position: receipt.first }
    } catch (error) {
      const { code, fault } = error as { code: string; fault: Fault }
      return { code, retry: fault.retry }
    }
  }, data)
}

export async function record(page: Page, count: number, from = 0): Promise<void> {
  await page.evaluate(
    ([count, from]) => {
      const { topic } = globalThis as unknown as FaultyPage
      for (let n = from; n < from + count; n++) topic.record('r', n)
    },
    [count, from] as const,
  )
}

/** The data of all events, in order. */
export async function read(page: Page): Promise<unknown[]> {
  return page.evaluate(async () => (await (globalThis as unknown as FaultyPage).topic.read()).map(({ data }) => data))
}

/** The same, or the code of why not. */
export async function readOrCode(page: Page): Promise<unknown> {
  return page.evaluate(() =>
    (globalThis as unknown as FaultyPage).topic.read().then(
      (events) => events.map(({ data }) => data),
      ({ code }: { code: string }) => code,
    ),
  )
}

export async function health(page: Page): Promise<Tabscribe.Health> {
  return page.evaluate(() => (globalThis as unknown as FaultyPage).store.health())
}

export async function metrics(page: Page): Promise<Tabscribe.Metrics> {
  return page.evaluate(() => (globalThis as unknown as FaultyPage).store.metrics())
}

/** The codes of the faults no answer carried, once there are that many. */
export async function told(page: Page, count = 0): Promise<string[]> {
  await page.waitForFunction((count) => (globalThis as unknown as FaultyPage).told.length >= count, count)
  return page.evaluate(() => (globalThis as unknown as FaultyPage).told.map(({ code }) => code))
}

/** Resolves once the store's health is in that state. */
export async function untilState(page: Page, state: Tabscribe.Health['state']): Promise<void> {
  await page.waitForFunction(async (state) => {
    const { store } = globalThis as unknown as FaultyPage
    return (await store.health()).state === state
  }, state)
}
