/** Stored bytes that are not what was written, or are from a later version: the rest is there, and someone is told. */
import { describe, expect, test } from 'vitest'
import type { Fault, TopicInfo } from '../../src/index.js'
import { freshTabs } from '../kit/fresh-tabs.js'
import * as faulty from '../kit/faulty-store.js'
import { rawDatabase } from '../kit/raw-database.js'
import { faultScript, faultyAnswers } from '../kit/storage-faults.js'
import type { Page, Tabs } from '../kit/tabs.js'

let tabs: Tabs
let aside: Page
freshTabs({ answers: faultyAnswers }, async (fresh) => {
  tabs = fresh
  await tabs.runFirst(faultScript)
  aside = await tabs.open()
})

async function open(): Promise<Page> {
  const page = await tabs.open()
  await faulty.openFaulty(page, 'inline')
  return page
}

async function reopened(page: Page): Promise<Page> {
  await page.evaluate(() => (globalThis as unknown as faulty.FaultyPage).store.close())
  await page.close()
  return open()
}

/** Segments of two events: 0 1, 2 3, … */
async function fill(page: Page, segments: number): Promise<void> {
  await page.evaluate(async (segments) => {
    const { topic } = globalThis as unknown as faulty.FaultyPage
    for (let n = 0; n < segments; n++)
      await topic.append([
        { type: 'a', data: 2 * n },
        { type: 'a', data: 2 * n + 1 },
      ])
  }, segments)
}

const flip = (segment: { bytes: ArrayBuffer }): unknown => {
  const bytes = new Uint8Array(segment.bytes)
  bytes[bytes.length - 3]! ^= 0xff
  return segment
}

async function topics(page: Page): Promise<TopicInfo[]> {
  return page.evaluate(() => (globalThis as unknown as faulty.FaultyPage).store.topics())
}

/** Every way to count says the same. */
async function expectCount(page: Page, count: number): Promise<void> {
  expect(await faulty.metrics(page)).toMatchObject({ events: count })
  expect(await topics(page)).toMatchObject([{ name: 't', count }])
  expect(await page.evaluate(() => (globalThis as unknown as faulty.FaultyPage).topic.count())).toBe(count)
  expect(await page.evaluate(() => (globalThis as unknown as faulty.FaultyPage).topic.count({ types: ['a'] }))).toBe(
    count,
  )
}

const faults = (page: Page): Promise<Fault[]> => page.evaluate(() => (globalThis as unknown as faulty.FaultyPage).told)

describe('a segment', () => {
  test.each<[what: string, change: (segment: never) => unknown]>([
    ['with a byte changed', flip],
    ['cut short', ({ bytes }: { bytes: ArrayBuffer }) => ({ bytes: bytes.slice(0, 70) })],
    ['of no bytes', () => ({ bytes: new ArrayBuffer(0) })],
    [
      'with a header of no known format',
      (segment: { bytes: ArrayBuffer }) => {
        new Uint8Array(segment.bytes)[4]! ^= 0xff
        return segment
      },
    ],
    [
      'with another codec',
      (segment: { bytes: ArrayBuffer }) => {
        new Uint8Array(segment.bytes)[6] = 1
        return segment
      },
    ],
    ['that is something else', () => 'nonsense'],
    ['that is missing', () => undefined],
  ])('%s is set aside once; the rest reads and counts as before', async (_what, change) => {
    let page = await open()
    await fill(page, 4)
    page = await reopened(page)
    await rawDatabase(aside).change('segments', 1, change)
    expect(await faulty.read(page)).toEqual([0, 1, 4, 5, 6, 7])
    expect(await faulty.told(page, 1)).toEqual(['corrupt'])
    expect(await faults(page)).toMatchObject([{ from: 2, to: 4, topics: [{ topic: 't', first: 2, last: 3 }] }])
    expect(await faulty.metrics(page)).toMatchObject({ repairs: 1, segments: 3 })
    await expectCount(page, 6)
    expect(await rawDatabase(aside).count('quarantine')).toBe(1)
    expect(await faulty.append(page, 8)).toEqual({ position: 8 })

    const again = await reopened(page)
    expect(await faulty.read(again)).toEqual([0, 1, 4, 5, 6, 7, 8])
    expect(await faulty.metrics(again)).toMatchObject({ repairs: 0 })
    expect(await faulty.told(again)).toEqual([])
    await expectCount(again, 7)
  })

  test('that is compressed and damaged is set aside too', async () => {
    let page = await open()
    await page.evaluate(async () => {
      const { store, topic } = globalThis as unknown as faulty.FaultyPage
      for (let n = 0; n < 3; n++) await topic.append({ type: 'a', data: `${n} ${'wide '.repeat(10_000)}` })
      await store.compact()
    })
    page = await reopened(page)
    await rawDatabase(aside).change('segments', 1, flip)
    expect((await faulty.read(page)).map((data) => String(data)[0])).toEqual(['0', '2'])
    expect(await faulty.metrics(page)).toMatchObject({ repairs: 1, events: 2 })
  })

  test.each(['compact', 'erase'] as const)('that is damaged does not stop %s', async (work) => {
    let page = await open()
    await fill(page, 4)
    page = await reopened(page)
    await rawDatabase(aside).change('segments', 1, flip)
    await page.evaluate(async (work) => {
      const { store } = globalThis as unknown as faulty.FaultyPage
      await (work === 'compact' ? store.compact() : store.erase({ topics: ['t'], from: 0, to: 4 }))
    }, work)
    expect(await faulty.read(page)).toEqual(work === 'compact' ? [0, 1, 4, 5, 6, 7] : [4, 5, 6, 7])
    expect(await faulty.metrics(page)).toMatchObject({ repairs: 1 })
    await expectCount(page, work === 'compact' ? 6 : 4)
  })
})

describe('the index or the head', () => {
  test.each<[what: string, store: string, change: (value: never) => unknown]>([
    ['a group of the index is damaged', 'index', () => 'nonsense'],
    ['an entry of the index is damaged', 'index', (group: object[]) => [{ ...group[0], first: 'x' }]],
    ['a group of the index is missing', 'index', () => undefined],
    ['the head is damaged', 'head', (head: object) => ({ ...head, nextSequence: NaN })],
    ['the head is missing', 'head', () => undefined],
  ])('%s: it is made anew from the segments, and nothing is lost', async (_what, store, change) => {
    let page = await open()
    await fill(page, 4)
    await page.evaluate(() => (globalThis as unknown as faulty.FaultyPage).store.close())
    await page.close()
    await rawDatabase(aside).change(store, store === 'head' ? 0 : 1, change)
    page = await open()
    await faulty.read(page)
    expect(await faulty.append(page, 8)).toEqual({ position: 8 })
    expect(await faulty.read(page)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    await expectCount(page, 9)
    const again = await reopened(page)
    expect(await faulty.read(again)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    expect(await faulty.metrics(again)).toMatchObject({ repairs: 0 })
  })
})

describe('a later version', () => {
  test.each<[what: string, change: (head: object) => object]>([
    ['names a later format', (head) => ({ ...head, format: 2 })],
    ['asks for a later writer', (head) => ({ ...head, minWriter: 2 })],
  ])('%s: the log is read, and not written to', async (_what, change) => {
    let page = await open()
    await fill(page, 2)
    await page.evaluate(() => (globalThis as unknown as faulty.FaultyPage).store.close())
    await page.close()
    await rawDatabase(aside).change('head', 0, change)
    page = await open()
    await expectReadOnly(page)

    // A version that may write stores what this one recorded.
    await page.close()
    await rawDatabase(aside).change('head', 0, (head: object) => ({ ...head, format: 1, minWriter: 1 }))
    const later = await open()
    expect(await faulty.read(later)).toEqual([0, 1, 2, 3, 0, 1])
  })

  test('wrote one of the segments: the others are read, and nothing is written', async () => {
    let page = await open()
    await fill(page, 3)
    page = await reopened(page)
    await rawDatabase(aside).change('segments', 1, (segment: { bytes: ArrayBuffer }) => {
      new Uint8Array(segment.bytes)[4] = 2
      return segment
    })
    expect(await faulty.read(page)).toEqual([0, 1, 4, 5])
    expect(await faulty.told(page, 1)).toEqual(['incompatible'])
    expect(await faulty.append(page, 'x')).toEqual({ code: 'incompatible', retry: 'after-reload' })
    expect(await faulty.health(page)).toMatchObject({ state: 'read-only' })
    expect(await faulty.metrics(page)).toMatchObject({ repairs: 0, events: 6 })
    expect(await rawDatabase(aside).count('quarantine')).toBe(0)
  })
})

async function expectReadOnly(page: Page): Promise<void> {
  expect(await faulty.health(page)).toMatchObject({ state: 'read-only', fault: { code: 'incompatible' } })
  expect(await faulty.append(page, 'x')).toEqual({ code: 'incompatible', retry: 'after-reload' })
  await faulty.record(page, 2)
  expect(await faulty.read(page)).toEqual([0, 1, 2, 3])
  expect(await faulty.metrics(page)).toMatchObject({ events: 4, queued: 2 })
  expect(await faulty.told(page, 1)).toEqual(['incompatible'])
}
