/** Transactions that abort, connections that go, databases that do not open: what is recorded is kept, and goes on. */
import { describe, expect, test } from 'vitest'
import { freshTabs } from '../kit/fresh-tabs.js'
import * as faulty from '../kit/faulty-store.js'
import { faultScript, faultyAnswers } from '../kit/storage-faults.js'
import type { Page, Tabs } from '../kit/tabs.js'

let tabs: Tabs
freshTabs({ answers: faultyAnswers }, async (fresh) => {
  tabs = fresh
  await tabs.runFirst(faultScript)
})

async function open(host: faulty.FaultyHost): Promise<Page> {
  const page = await tabs.open()
  await faulty.openFaulty(page, host)
  expect(await faulty.append(page, 'before')).toEqual({ position: 0 })
  return page
}

describe.each(faulty.faultyHosts)('on host %s', (host) => {
  test.each<[what: string, injection: faulty.Injection, failures: number]>([
    ['its transaction is aborted twice', { abort: 2 }, 2],
    ['transactions cannot be begun three times', { throws: 3 }, 3],
    ['its connection is closed', { closed: 1 }, 0],
    ['its connection is closed and the database does not open at once', { closed: 1, open: 2 }, 2],
  ])('an append is stored once, and hears nothing of it, when %s', async (_what, injection, failures) => {
    const page = await open(host)
    await faulty.inject(page, host, injection)
    expect(await faulty.append(page, 'a')).toEqual({ position: 1 })
    expect(await faulty.read(page)).toEqual(['before', 'a'])
    expect(await faulty.health(page)).toMatchObject({ state: 'ok', fault: null })
    expect(await faulty.metrics(page)).toMatchObject({ errors: failures, writes: 2, duplicates: 0 })
    expect(await faulty.told(page)).toEqual([])
  })

  test.each<[what: string, injection: faulty.Injection, read: unknown]>([
    ['transactions that write abort', { abort: Infinity }, ['before']],
    ['transactions cannot be begun', { throws: Infinity }, 'storage-unavailable'],
    ['the database cannot be opened', { closed: 1, open: Infinity }, 'storage-unavailable'],
  ])('while %s appends reject, records are kept, reads settle; all is well after', async (_what, injection, read) => {
    const page = await open(host)
    await faulty.inject(page, host, injection)
    expect(await faulty.append(page, 'refused')).toEqual({ code: 'storage-unavailable', retry: 'now' })
    expect(await faulty.health(page)).toMatchObject({
      state: 'degraded',
      fault: { code: 'storage-unavailable', message: expect.stringContaining('IndexedDB failed') as string },
    })
    await faulty.record(page, 3)
    const flushed = page.evaluate(() =>
      (globalThis as unknown as faulty.FaultyPage).store.flush().catch(({ code }: { code: string }) => code),
    )
    expect(await flushed).toBe('storage-unavailable')
    expect(await faulty.told(page, 1)).toEqual(['storage-unavailable'])
    expect(await faulty.readOrCode(page)).toEqual(read)

    await faulty.inject(page, host, {})
    expect(await faulty.append(page, 'after')).toEqual({ position: 4 })
    expect(await faulty.read(page)).toEqual(['before', 0, 1, 2, 'after'])
    expect(await faulty.health(page)).toMatchObject({ state: 'ok', fault: null })
    expect((await faulty.metrics(page)).errors).toBeGreaterThan(3)
    expect(await faulty.told(page)).toEqual(['storage-unavailable'])
  })

  test('with nothing left to store it is told all the same when storage works again', async () => {
    const page = await open(host)
    await faulty.inject(page, host, { throws: Infinity })
    expect(await faulty.append(page, 'refused')).toMatchObject({ code: 'storage-unavailable' })
    expect(await faulty.health(page)).toMatchObject({ state: 'degraded' })
    await faulty.inject(page, host, {})
    await faulty.untilState(page, 'ok')
    expect(await faulty.read(page)).toEqual(['before'])
  })

  test('appends of several at once keep their order through failures', async () => {
    const page = await open(host)
    await page.evaluate(() => {
      const { topic, told } = globalThis as unknown as faulty.FaultyPage
      const first = Array.from({ length: 40 }, (_, n) =>
        topic.append({ type: 'a', data: { n, text: 'x'.repeat(50_000) } }),
      )
      Object.assign(globalThis, { first: Promise.all(first), told })
    })
    await faulty.inject(page, host, { abort: 3 })
    await page.evaluate(async () => {
      const { topic, first } = globalThis as unknown as faulty.FaultyPage & { first: Promise<unknown> }
      const rest = Array.from({ length: 40 }, (_, n) => topic.append({ type: 'a', data: { n: 40 + n } }))
      await Promise.all([first, ...rest])
    })
    const stored = (await faulty.read(page)).slice(1).map((data) => (data as { n: number }).n)
    expect(stored).toEqual(Array.from({ length: 80 }, (_, n) => n))
  })

  test('clear and erase get through a passing failure', async () => {
    const page = await open(host)
    await faulty.inject(page, host, { abort: 2 })
    const erased = await page.evaluate(() =>
      (globalThis as unknown as faulty.FaultyPage).store.erase({ topics: ['t'], from: 0, to: 1 }),
    )
    expect(erased).toEqual({ erased: 1 })
    await faulty.append(page, 'more')
    await faulty.inject(page, host, { abort: 2 })
    await page.evaluate(() => (globalThis as unknown as faulty.FaultyPage).topic.clear())
    expect(await faulty.read(page)).toEqual([])
    expect(await faulty.append(page, 'last')).toEqual({ position: 2 })
  })

  test('a subscription outlives failures', async () => {
    const page = await open(host)
    await page.evaluate(async () => {
      const own = globalThis as unknown as faulty.FaultyPage & { heard: unknown[] }
      own.heard = []
      const { ready } = own.topic.subscribe((events) => own.heard.push(...events.map(({ data }) => data)), {
        from: 'start',
      })
      await ready
    })
    await faulty.inject(page, host, { closed: 1, throws: 2 })
    expect(await faulty.append(page, 'a')).toEqual({ position: 1 })
    await page.waitForFunction(() => (globalThis as unknown as { heard: unknown[] }).heard.length >= 2)
    expect(await page.evaluate(() => (globalThis as unknown as { heard: unknown[] }).heard)).toEqual(['before', 'a'])
  })
})
