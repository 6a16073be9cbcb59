/** Clocks that jump, events that are large or cannot be kept, storage that hangs, pages that send garbage. */
import { describe, expect, test } from 'vitest'
import type { StoreOptions } from '../../src/index.js'
import { freshTabs } from '../kit/fresh-tabs.js'
import * as faulty from '../kit/faulty-store.js'
import { faultScript, faultyAnswers } from '../kit/storage-faults.js'
import type { Page, Tabs } from '../kit/tabs.js'

let tabs: Tabs
freshTabs({ answers: faultyAnswers }, async (fresh) => {
  tabs = fresh
  await tabs.runFirst(faultScript)
})

async function open(host: faulty.FaultyHost, options?: StoreOptions): Promise<Page> {
  const page = await tabs.open()
  await faulty.openFaulty(page, host, options)
  return page
}

test('a clock that goes backwards changes no order; times are stored as they were', async () => {
  const page = await open('inline', { retention: { maxAgeMs: 60_000 } })
  const times = [2_000_000_000_000, 1_000_000_000_000, 1_500_000_000_000, 0, -5_000]
  const seen = await page.evaluate(async (times) => {
    const { store, topic } = globalThis as unknown as faulty.FaultyPage
    for (const [n, time] of times.entries()) {
      Date.now = () => time
      topic.record('a', n)
      await topic.append({ type: 'a', data: `${n}` })
    }
    const events = await topic.read()
    await store.compact()
    return { events, topics: await store.topics(), health: (await store.health()).state }
  }, times)
  expect(seen.events.map(({ data }) => data)).toEqual([0, '0', 1, '1', 2, '2', 3, '3', 4, '4'])
  expect(seen.events.map(({ time }) => time)).toEqual(times.flatMap((time) => [time, time]))
  expect(seen.events.map(({ position }) => position)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(seen.topics).toMatchObject([{ firstTime: -5_000, lastTime: 2_000_000_000_000 }])
  expect(seen.health).toBe('ok')
  expect(tabs.errors).toEqual([])
})

describe.each(faulty.faultyHosts)('on host %s', (host) => {
  test('events of a megabyte and more are stored whole, beside small ones', async () => {
    const page = await open(host)
    const lengths = await page.evaluate(async () => {
      const { topic } = globalThis as unknown as faulty.FaultyPage
      for (const size of [1_000_000, 10, 3_000_000, 10]) topic.record('a', '\u20ac'.repeat(size))
      await topic.append({ type: 'a', data: { text: 'x'.repeat(1_000_000), bytes: new Uint8Array(1_000_000).fill(7) } })
      const events = await topic.read()
      const last = events.at(-1)!.data as { text: string; bytes: Uint8Array }
      return [...events.slice(0, -1).map(({ data }) => (data as string).length), last.text.length, last.bytes.at(-1)]
    })
    expect(lengths).toEqual([1_000_000, 10, 3_000_000, 10, 1_000_000, 7])
  })

  test('what cannot be cloned is refused there and then, and takes no number from the others', async () => {
    const page = await open(host)
    const seen = await page.evaluate(async () => {
      const { store, topic } = globalThis as unknown as faulty.FaultyPage
      const circular: Record<string, unknown> = {}
      circular['self'] = circular
      const getter = Object.defineProperty({}, 'x', {
        enumerable: true,
        get() {
          throw new Error('poison')
        },
      })
      const { proxy, revoke } = Proxy.revocable({}, {})
      revoke()
      const poison: unknown[] = [() => {}, Symbol('s'), proxy, document.body, { deep: [{ f() {} }] }, getter]
      const codes: string[] = []
      topic.record('a', 'first')
      for (const data of poison) {
        try {
          topic.record('a', data)
          codes.push('taken')
        } catch (error) {
          codes.push((error as { code: string }).code)
        }
        const appended = await topic
          .append([
            { type: 'a', data: 'with' },
            { type: 'a', data },
          ])
          .catch((error: unknown) => error)
        codes.push((appended as { code: string }).code)
      }
      topic.record('a', circular)
      await store.flush()
      const events = await topic.read()
      const last = events.at(-1)!.data as Record<string, unknown>
      return {
        codes,
        events: events.length,
        positions: events.map(({ position }) => position),
        same: last['self'] === last,
      }
    })
    expect(seen.codes.filter((code) => code !== 'not-cloneable')).toEqual([])
    expect(seen).toMatchObject({ events: 2, positions: [0, 1], same: true })
  })

  test('an event with a Blob is stored, or refused and told, never lost; the others are stored', async () => {
    const page = await open(host)
    const { appended, types } = await page.evaluate(async () => {
      const { store, topic } = globalThis as unknown as faulty.FaultyPage
      topic.record('a', 1)
      const appended = await topic.append({ type: 'b', data: new Blob(['abc']) }).then(
        () => 'stored',
        ({ code }: { code: string }) => code,
      )
      topic.record('b', { blob: new Blob(['abc']) })
      await store.flush()
      topic.record('a', 2)
      await store.flush()
      return { appended, types: (await topic.read()).map(({ type }) => type) }
    })
    // Safari's private windows store none, and so does WebKitGTK when it is driven.
    expect(['stored', 'invalid-argument']).toContain(appended)
    expect(types).toEqual(appended === 'stored' ? ['a', 'b', 'b', 'a'] : ['a', 'a'])
    expect(await faulty.told(page)).toEqual(appended === 'stored' ? [] : ['invalid-argument'])
    expect(await faulty.health(page)).toMatchObject({ state: 'ok' })
  })

  test('while storage hangs the queue stays below its bound: appends are refused, records dropped and counted', async () => {
    const page = await open(host, { maxQueueBytes: 200_000 })
    expect(await faulty.append(page, 'before')).toEqual({ position: 0 })
    const other = await tabs.open()
    await hang(other)
    const codes = await page.evaluate(async () => {
      const own = globalThis as unknown as faulty.FaultyPage
      for (let n = 0; n < 500; n++) own.topic.record('r', { n, text: 'x'.repeat(1_000) })
      return own.topic.append({ type: 'a', data: 1 }).catch(({ code }: { code: string }) => code)
    })
    expect(codes).toBe('queue-full')
    expect(new Set(await faulty.told(page, 1))).toEqual(new Set(['queue-full']))
    const dropped = (await faulty.told(page)).length
    await other.evaluate(() => (globalThis as unknown as { goOn: () => Promise<void> }).goOn())
    const stored = (await faulty.read(page)).length - 1
    expect(stored).toBeLessThan(220)
    expect(stored).toBeGreaterThan(100)
    expect((await faulty.metrics(page)).dropped).toBe(500 - stored)
    expect(dropped).toBeLessThanOrEqual(500 - stored)
    expect(await faulty.metrics(page)).toMatchObject({ queued: 0, queuedBytes: 0 })
    expect(await faulty.append(page, 'after')).toEqual({ position: stored + 1 })
  })
})

/** Holds all of the log's stores in a transaction until `goOn`. */
async function hang(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open('tabscribe:faults')
      request.onsuccess = () => resolve(request.result)
    })
    const tx = database.transaction([...database.objectStoreNames], 'readwrite')
    const head = tx.objectStore('head')
    let held = true
    const done = new Promise<void>((resolve) => {
      tx.oncomplete = () => {
        database.close()
        resolve()
      }
    })
    const hold = (): void => {
      if (held) head.get('nothing').onsuccess = hold
    }
    await new Promise((resolve) => {
      head.get('nothing').onsuccess = () => resolve(hold())
    })
    Object.assign(globalThis, {
      goOn: () => {
        held = false
        return done
      },
    })
  })
}

describe('a page that speaks to the worker on its own', () => {
  test('with garbage harms nobody', async () => {
    const page = await open('shared-worker')
    expect(await faulty.append(page, 'before')).toEqual({ position: 0 })
    const hostile = await tabs.open()
    const answered = await hostile.evaluate(async () => {
      const { port } = new SharedWorker('/worker.js', { type: 'module', name: 'faulty', extendedLifetime: true })
      const answers: unknown[] = []
      const waiting = new Map<unknown, () => void>()
      port.onmessage = ({ data }) => {
        answers.push(data)
        waiting.get(data.id)?.()
      }
      const raw = (value: unknown): object => ({ type: 'RAW', value })
      const send = (message: unknown): void => port.postMessage(message)
      const call = (id: string, method: string, ...args: unknown[]): Promise<void> =>
        new Promise((resolve) => {
          waiting.set(id, resolve)
          send({ id, type: 'APPLY', path: [method], argumentList: args.map(raw) })
        })
      const paths = [
        ['__proto__'],
        ['__proto__', 'polluted'],
        ['constructor', 'prototype', 'polluted'],
        [],
        ['submit', 'call'],
      ]
      for (const path of paths) {
        for (const type of ['GET', 'SET', 'APPLY', 'CONSTRUCT', 'ENDPOINT', 'RELEASE']) {
          send({ id: `x${type}${path.join()}`, type, path, value: raw('polluted'), argumentList: [raw('polluted')] })
        }
      }
      send({ id: 'x', type: 'SET', path: ['__proto__', 'polluted'], value: raw('polluted') })
      for (const odd of [
        null,
        1,
        'x',
        [],
        {},
        { type: 'APPLY' },
        { id: 1, type: 'APPLY', path: ['ping'], argumentList: [] },
      ])
        send(odd)
      send({ id: 'many', type: 'APPLY', path: ['flush'], argumentList: Array.from({ length: 100_000 }, () => raw(1)) })
      send({
        id: 'handler',
        type: 'APPLY',
        path: ['flush'],
        argumentList: [{ type: 'HANDLER', name: 'proxy', value: null }],
      })
      await call('no hello', 'submit', {})
      await call('bad hello', 'hello', { protocol: 1, store: '__proto__', producer: 7 })
      const hello = {
        protocol: 1,
        store: 'faults',
        producer: 'evil',
        session: 's',
        storage: 'auto',
        settings: [],
        witness: null,
      }
      await call('witness', 'hello', {
        ...hello,
        witness: { database: 'x', epoch: 0.5, nextSequence: Infinity, topics: [] },
      })
      // Without its lock it would be taken for gone.
      await new Promise((held) => {
        void navigator.locks.request('tabscribe:tab:evil', () => new Promise(() => held(undefined)))
      })
      await call('hello', 'hello', hello)
      const columns = {
        count: 2,
        topics: ['t'],
        types: ['a'],
        producers: ['evil'],
        topic: null,
        type: null,
        producer: null,
        producerSeq: Float64Array.of(0, 1),
        time: Float64Array.of(1, 2),
        weight: null,
        kind: null,
        text: '"a","b"',
        ends: Uint32Array.of(3, 7),
        ids: null,
        metas: null,
        attachments: null,
      }
      const submission = { columns, append: null, limit: null, durability: 'relaxed', tally: null }
      const wrong = [
        { producers: ['someone else'] },
        { topics: ['t', 't'], topic: Uint32Array.of(0, 1) },
        { count: 1e9 },
        { ends: Uint32Array.of(3, 9) },
        { producerSeq: Float64Array.of(1, 0) },
        { topic: Uint32Array.of(0, 7) },
        { time: Float64Array.of(NaN, 1) },
        { topics: Array.from({ length: 100_000 }, () => 't') },
        { ids: [{}, {}] },
      ]
      for (const [n, change] of wrong.entries()) {
        await call(`wrong ${n}`, 'submit', { ...submission, columns: { ...columns, ...change } })
      }
      // Of the right shape, and yet no JSON.
      await call('not json', 'submit', { ...submission, columns: { ...columns, text: '"a"]"b"' } })
      const later = {
        producerSeq: Float64Array.of(2, 3),
        kind: Uint8Array.of(1, 1),
        text: '{}}{,[[0',
        ends: Uint32Array.of(4, 8),
      }
      await call('not json either', 'submit', { ...submission, columns: { ...columns, ...later } })
      const metas = { producerSeq: Float64Array.of(4, 5), metas: ['{', null] }
      await call('bad meta', 'submit', { ...submission, columns: { ...columns, ...metas } })
      await call('flush', 'flush')
      send({ id: 'release', type: 'RELEASE', path: [] })
      return answers.map((answer) => {
        const { id, value } = answer as { id: string; value: { ok: boolean; fault?: { code: string } } }
        return [id, value.ok ? 'ok' : value.fault!.code]
      })
    })
    const expected: Record<string, string> = {
      'no hello': 'closed',
      'bad hello': 'invalid-argument',
      witness: 'invalid-argument',
      hello: 'ok',
      flush: 'ok',
      'not json': 'ok',
      'not json either': 'ok',
      'bad meta': 'ok',
    }
    for (const [id, outcome] of answered as [string, string][]) {
      expect([id, outcome]).toEqual([id, expected[id] ?? 'invalid-argument'])
    }
    expect(answered.length).toBe(Object.keys(expected).length + 9)

    expect(await faulty.append(page, 'after')).toEqual({ position: 7 })
    expect(await faulty.read(page)).toEqual(['before', 'a', 'b', undefined, undefined, 'a', 'b', 'after'])
    expect(
      await page.evaluate(() => (globalThis as unknown as faulty.FaultyPage).topic.count({ where: { x: 1 } })),
    ).toBe(0)
    expect(await faulty.health(page)).toMatchObject({ state: 'ok', host: 'shared-worker' })
    expect(await faulty.metrics(page)).toMatchObject({ repairs: 0, events: 8 })
    expect(await pollutionIn(page)).toBeUndefined()
    expect(await pollutionIn(hostile)).toBeUndefined()
    const late = await open('shared-worker')
    expect((await faulty.read(late)).length).toBe(8)
  })

  test('by way of the journal holds up nobody', async () => {
    const first = await open('inline')
    await faulty.append(first, 'before')
    await first.evaluate(async () => {
      const database = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open('tabscribe-journal:6:faults:gone')
        request.onupgradeneeded = () => request.result.createObjectStore('bursts')
        request.onsuccess = () => resolve(request.result)
      })
      indexedDB.open('tabscribe-journal:6:faults:no journal', 2)
      const bursts = database.transaction('bursts', 'readwrite').objectStore('bursts')
      bursts.put('nonsense', ['gone', 0])
      bursts.put(null, ['gone', 1])
      bursts.put({ columns: { count: 3, topics: null }, session: 's' }, ['gone too', 0])
      await new Promise((resolve) => {
        bursts.transaction.oncomplete = resolve
      })
    })
    await first.close()
    const page = await open('inline')
    expect(await faulty.read(page)).toEqual(['before'])
    expect(await faulty.append(page, 'after')).toEqual({ position: 1 })
    expect(await faulty.health(page)).toMatchObject({ state: 'ok' })
  })
})

function pollutionIn(page: Page): Promise<unknown> {
  return page.evaluate(() => ({}) as { polluted?: unknown }).then((empty) => empty.polluted)
}
