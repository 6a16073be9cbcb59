import { collector, describeEachGround, type Ground } from '../kit/grounds.js'
import { openAnotherTab } from '../kit/another-tab.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  openExport,
  openStore,
  type ExportOptions,
  type Store,
  type StoredEvent,
  type StoreExport,
  type StoreOptions,
} from '../../src/index.js'
import { anyData, expectSame } from '../kit/any-data.js'

const invalid = expect.objectContaining({ code: 'invalid-argument' })
const bothFormats = ['json', 'ndjson'] as const

let lastSource = 0

/** A store beside the ground's, to export from. */
async function openSource(options: StoreOptions = {}): Promise<Store> {
  return openStore(`source-${++lastSource}`, { storage: 'memory', host: 'inline', ...options })
}

async function fill(store: Store, events: number, topics = 2): Promise<void> {
  for (let n = 0; n < events; n++) store.topic(`t${n % topics}`).record(n % 3 ? 'x' : 'y', { n }, { time: 1000 + n })
  await store.flush()
}

/** What an import keeps. */
function kept(events: readonly StoredEvent[]): Omit<StoredEvent, 'position' | 'sequence'>[] {
  return events.map(({ position: _position, sequence: _sequence, ...rest }) => rest)
}

const numbersIn = (events: readonly StoredEvent[]): number[] => events.map(({ data }) => (data as { n: number }).n)

async function exported(store: Store, options?: ExportOptions): Promise<StoreExport> {
  return JSON.parse(await (await store.export(options)).text()) as StoreExport
}

async function sourceWith(ground: Ground, events: number): Promise<{ source: Store; target: Store }> {
  const source = await openSource()
  await fill(source, events)
  return { source, target: await ground.open() }
}

describeEachGround((ground) => {
  describe('export', () => {
    test("'ndjson' holds the header on line 1 and then one event a line", async () => {
      const store = await ground.open()
      await fill(store, 25)
      const blob = await store.export({ format: 'ndjson', pretty: true })
      const lines = (await blob.text()).split('\n')
      expect(lines.pop()).toBe('')
      const [header, ...events] = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
      const { events: inJson, counters: _counters, ...rest } = await exported(store)
      expect(header).toEqual({ ...rest, exportedAt: expect.any(Number), count: 25 })
      expect(events).toEqual(inJson)
      expect(header!['topics']).toEqual(await store.topics())
    })

    test('queries choose what is written, and the header tells what the file holds', async () => {
      const store = await ground.open()
      await fill(store, 30)
      const numbers = async (options: ExportOptions) =>
        (await exported(store, options)).events.map((event) => (event as { data: { n: number } }).data.n)
      expect(await numbers({ topics: ['t1'], limit: 3 })).toEqual([1, 3, 5])
      expect(await numbers({ types: ['y'], until: 1010 })).toEqual([0, 3, 6, 9])
      expect(await numbers({ where: { n: 7 } })).toEqual([7])
      expect(await numbers({ direction: 'backward', limit: 4 })).toEqual([29, 28, 27, 26])
      const { topics, sequence } = await exported(store, { topics: ['t1'], since: 1010, limit: 2 })
      expect(sequence).toBe(29)
      expect(topics).toEqual([{ name: 't1', first: 5, next: 15, count: 2, bytes: 16, firstTime: 1011, lastTime: 1013 }])
    })

    test('redact changes events and leaves some out', async () => {
      const store = await ground.open()
      await fill(store, 9)
      store.topic('secret').record('x', { n: 99 })
      store.topic('t0').record('blob', { n: 100, map: new Map([[1, 2n]]) }, { id: 'i', meta: { m: 1 } })
      const { events, topics } = await exported(store, {
        redact: (event) =>
          event.topic === 'secret' || (event.data as { n: number }).n % 2 ? null : { ...event, data: { hidden: true } },
      })
      expect(events).toHaveLength(6)
      expect(events[5]).toMatchObject({ type: 'blob', data: { hidden: true }, id: 'i', meta: { m: 1 }, position: 5 })
      expect(topics.map(({ name, count }) => [name, count])).toEqual([['t0', 6]])
    })

    test.each<[what: string, redact: (event: StoredEvent) => unknown]>([
      ['no event', () => 'event'],
      ['nothing', () => {}],
      ['an event without a type', ({ type: _type, ...event }) => event],
      ['another place', (event) => ({ ...event, position: 7 })],
      ['another producer', (event) => ({ ...event, producer: 'someone' })],
    ])('a redact that answers with %s is refused', async (_what, redact) => {
      const store = await ground.open()
      await fill(store, 1)
      await expect(store.export({ redact: redact as never })).rejects.toEqual(invalid)
    })

    test('a redact that throws rejects the export with its error as cause', async () => {
      const store = await ground.open()
      await fill(store, 1)
      const cause = new Error('mine')
      const redact = (): never => {
        throw cause
      }
      await expect(store.export({ redact })).rejects.toMatchObject({ code: 'invalid-argument', cause })
    })

    test.each<[what: string, options: object]>([
      ['an unknown format', { format: 'xml' }],
      ['a format from the prototype', { format: 'constructor' }],
      ['a negative limit', { limit: -1 }],
      ['a pretty that is no flag', { pretty: 'yes' }],
      ['counters that are no flag', { counters: 1 }],
      ['a redact that is no function', { redact: {} }],
      ['an onProgress that is no function', { onProgress: 1 }],
      ['a signal that is none', { signal: true }],
    ])('%s is refused', async (_what, options) => {
      await expect((await ground.open()).export(options)).rejects.toEqual(invalid)
    })

    test('progress rises to the end, and an abort rejects at once', async () => {
      const store = await ground.open()
      await fill(store, 3000)
      for (const format of ['json', 'ndjson', 'chrome-trace'] as const) {
        const seen: number[] = []
        const blob = await store.export({
          format,
          types: ['y'],
          onProgress: ({ done, total, bytes }) => seen.push(done, total, bytes),
        })
        expect(seen.slice(-3)).toEqual([1000, 1000, blob.size])
        const signal = AbortSignal.abort('why')
        await expect(store.export({ format, signal })).rejects.toMatchObject({ code: 'aborted', cause: 'why' })
        const aborting = new AbortController()
        const onProgress = (): void => aborting.abort()
        await expect(store.export({ format, signal: aborting.signal, onProgress })).rejects.toMatchObject({
          code: 'aborted',
        })
      }
    })

    test('what was recorded before the call is in the file', async () => {
      const store = await ground.open({ batchTimeoutMs: 60_000 })
      store.topic('t').record('x', { n: 1 })
      const { events, sequence } = await exported(store)
      expect(events).toHaveLength(1)
      expect(sequence).toBe(0)
    })

    test('what has no text form is written as a note of what was there', async () => {
      const store = await ground.open()
      const blob = (): Blob => new Blob(['abc'], { type: 'text/plain' })
      const data = { list: [blob(), { $: 1 }], map: new Map([['blob', blob()]]) }
      store.topic('t').record('x', data, { meta: { blob: blob() } })
      const note = { $: ['absent', 'Blob', { type: 'text/plain', size: 3 }] }
      const { events } = await exported(store)
      expect(events[0]).toMatchObject({
        data: { list: [note, { $: ['Object', [['$', 1]]] }], map: { $: ['Map', [['blob', note]]] } },
        meta: { blob: note },
      })
      expect(await exported(store, { redact: (event) => event })).toMatchObject({ events })
      const archive = await openExport(await store.export())
      const [event] = await archive.read()
      expect(event).toMatchObject({ data: { list: [undefined, { $: 1 }] }, meta: { blob: undefined } })
      await archive.close()
    })
  })

  describe('import', () => {
    test.each(bothFormats)('a %s file brings the events into another store', async (format) => {
      const { source, target } = await sourceWith(ground, 2500)
      await fill(target, 10, 1)
      const report = await target.import(await source.export({ format }))
      expect(report).toEqual({ topics: 2, events: 2500, skipped: 0 })
      const events = await target.read({ from: 10 })
      expectSame(kept(events), kept(await source.read()))
      expect(events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 2500 }, (_, n) => 10 + n))
      expect((await target.topic('t0').read()).map(({ position }) => position)).toEqual(
        Array.from({ length: 1260 }, (_, n) => n),
      )
      expect((await target.topics()).map(({ name, count, next }) => [name, count, next])).toEqual([
        ['t0', 1260, 1260],
        ['t1', 1250, 1250],
      ])
      expect((await target.metrics()).events).toBe(2510)
      await source.close()
    })

    test.each(bothFormats)('importing a %s file twice imports nothing the second time', async (format) => {
      const { source, target } = await sourceWith(ground, 300)
      const file = await source.export({ format })
      await target.import(file)
      const before = await target.read()
      expect(await target.import(file)).toEqual({ topics: 0, events: 0, skipped: 300 })
      expectSame(await target.read(), before)
    })

    test('a file of the newest events first comes in oldest first', async () => {
      const { source, target } = await sourceWith(ground, 5000)
      for (const format of bothFormats) {
        const file = await source.export({ format, direction: 'backward', limit: 4500, pretty: format === 'json' })
        await target.import(file)
        expect(numbersIn(await target.read())).toEqual(Array.from({ length: 4500 }, (_, n) => 500 + n))
        const archive = await openExport(file)
        expectSame(await archive.read(), await source.read({ from: 500 }))
        await archive.close()
      }
    })

    test('export, clear, import brings the events of this very tab back, and its next ones are kept too', async () => {
      const store = await ground.open()
      await fill(store, 40)
      const before = await store.read()
      const file = await store.export()
      await store.clear()
      store.topic('t0').record('x', { n: 40 })
      expect(await store.import(file)).toEqual({ topics: 2, events: 40, skipped: 0 })
      store.topic('t0').record('x', { n: 41 })
      await store.topic('t0').append({ type: 'x', data: { n: 42 } })
      const events = await store.read()
      expect(numbersIn(events)).toEqual([40, ...Array.from({ length: 40 }, (_, n) => n), 41, 42])
      expectSame(kept(events.slice(1, 41)), kept(before))
      expect(new Set(events.map(({ producer, producerSeq }) => `${producer} ${producerSeq}`)).size).toBe(43)
    })

    test('what came of another store of this tab does not hold its own events back', async () => {
      const { source, target } = await sourceWith(ground, 5)
      for (let n = 0; n < 3; n++) target.topic('t').record('x', { n: 100 + n })
      await target.import(await source.export())
      for (let n = 3; n < 9; n++) target.topic('t').record('x', { n: 100 + n })
      expect(numbersIn(await target.read())).toEqual([100, 101, 102, 0, 1, 2, 3, 4, 103, 104, 105, 106, 107, 108])
      expect(await target.import(await target.export())).toMatchObject({ events: 0, skipped: 14 })
    })

    test('only what is not here is imported', async () => {
      const { source, target } = await sourceWith(ground, 100)
      await target.import(await source.export({ types: ['y'] }))
      expect(await target.import(await source.export())).toEqual({ topics: 2, events: 66, skipped: 34 })
      expect(await target.count()).toBe(100)
      await target.topic('t0').clear()
      expect(await target.import(await source.export())).toEqual({ topics: 1, events: 50, skipped: 50 })
    })

    test('what is here is known also when it was compacted, and what was erased or evicted comes back', async () => {
      const { source, target } = await sourceWith(ground, 3000)
      const file = await source.export()
      await target.import(file)
      await target.compact()
      expect(await target.import(file)).toMatchObject({ events: 0, skipped: 3000 })
      await target.erase({ types: ['y'] })
      await target.topic('t1').clear()
      await target.compact()
      expect(await target.import(file)).toEqual({ topics: 2, events: 2000, skipped: 1000 })
      expect(numbersIn(await target.read()).toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: 3000 }, (_, n) => n),
      )
    })

    test("a snapshot's file is imported like an export", async () => {
      const { source, target } = await sourceWith(ground, 50)
      const snapshot = await source.snapshot({ at: 29 })
      await source.clear()
      expect(await target.import(await snapshot.toBlob())).toEqual({ topics: 2, events: 30, skipped: 0 })
      expect(numbersIn(await target.read())).toEqual(Array.from({ length: 30 }, (_, n) => n))
      snapshot.close()
    })

    test.runIf(ground.durable)('two tabs that import one file at once import it once', async () => {
      const { source, target } = await sourceWith(ground, 5000)
      const file = await source.export()
      const other = await openAnotherTab()
      const host = (await target.health()).host
      const same = await other.library.openStore(target.name, { host })
      const reports = await Promise.all([target.import(file), same.import(file)])
      expect(reports.reduce((sum, { events }) => sum + events, 0)).toBe(5000)
      const events = kept(await target.read())
      expect(events.length).toBe(5000)
      expect(new Set(events.map(({ producerSeq }) => producerSeq)).size).toBe(5000)
      await same.close()
      other.close()
    })

    test('an id that is in its topic already is skipped', async () => {
      const source = await openSource()
      const target = await ground.open()
      for (const id of ['a', 'b']) source.topic('t').record('x', { n: 1 }, { id })
      source.topic('other').record('x', { n: 2 }, { id: 'a' })
      await target.topic('t').append({ type: 'x', data: { n: 0 }, id: 'a' })
      const file = await source.export()
      expect(await target.import(file)).toEqual({ topics: 2, events: 2, skipped: 1 })
      await target.topic('t').append({ type: 'x', data: { n: 3 }, id: 'b' })
      expect(numbersIn(await target.read())).toEqual([0, 1, 2])
      await target.clear()
      expect(await target.import(file)).toMatchObject({ events: 3, skipped: 0 })
    })

    test('events recorded meanwhile are neither lost nor reordered, and subscribers see everything once', async () => {
      const { source, target } = await sourceWith(ground, 6000)
      const seen = collector<StoredEvent>()
      const subscription = target.subscribe((events) => seen.add(events))
      await subscription.ready
      let recorded = 0
      const record = (): void => {
        for (let n = 0; n < 50; n++) target.topic('own').record('x', { n: recorded++ })
      }
      record()
      await target.import(await source.export(), { onProgress: record })
      record()
      const all = await seen.until(6000 + recorded)
      expect(all).toHaveLength(6000 + recorded)
      const sequences = all.map(({ sequence }) => sequence)
      expect(sequences).toEqual(sequences.toSorted((a, b) => a - b))
      const own = all.filter(({ topic }) => topic === 'own')
      expect(numbersIn(own)).toEqual(Array.from({ length: recorded }, (_, n) => n))
      expect(numbersIn(all.filter(({ topic }) => topic !== 'own'))).toEqual(Array.from({ length: 6000 }, (_, n) => n))
      expectSame(await target.read(), all)
      subscription.close()
    })

    test('an abort says how far it came, and the same file again completes it', async () => {
      const { source, target } = await sourceWith(ground, 7000)
      const file = await source.export({ format: 'ndjson' })
      const aborting = new AbortController()
      const importing = target.import(file, {
        signal: aborting.signal,
        onProgress: ({ done }) => {
          if (done >= 4000) aborting.abort('enough')
        },
      })
      const error = await importing.catch((caught: unknown) => caught)
      expect(error).toMatchObject({
        code: 'aborted',
        name: 'AbortError',
        cause: 'enough',
        fault: { imported: 4000, skipped: 0, total: 7000 },
        message: expect.stringContaining('4000 of the file'),
      })
      expect(await target.count()).toBe(4000)
      expect(await target.import(file)).toMatchObject({ events: 3000, skipped: 4000 })
      expectSame(kept(await target.read()), kept(await source.read()))
    })

    test('an abort before anything is stored leaves nothing', async () => {
      const { source, target } = await sourceWith(ground, 10)
      const file = await source.export()
      const signal = AbortSignal.abort('why')
      await expect(target.import(file, { signal })).rejects.toMatchObject({ code: 'aborted', cause: 'why' })
      const aborting = new AbortController()
      const onProgress = (): void => aborting.abort()
      await expect(target.import(file, { signal: aborting.signal, onProgress })).rejects.toMatchObject({
        code: 'aborted',
        message: expect.stringContaining('Nothing was imported.'),
      })
      expect(await target.count()).toBe(0)
    })

    test('progress tells first what the file holds and then what of it is done', async () => {
      const { source, target } = await sourceWith(ground, 3000)
      const file = await source.export()
      const seen: { done: number; total: number; bytes: number }[] = []
      await target.import(file, { onProgress: (progress) => seen.push(progress) })
      expect(seen[0]).toEqual({ done: 0, total: expect.any(Number), bytes: 0 })
      expect(seen.filter(({ done }) => done === 0).at(-1)!.total).toBe(3000)
      expect(seen.at(-1)).toMatchObject({ done: 3000, total: 3000 })
      expect(seen.at(-1)!.bytes).toBeLessThanOrEqual(file.size)
      expect(seen.map(({ done }) => done)).toEqual(seen.map(({ done }) => done).toSorted((a, b) => a - b))
    })

    test.each<[what: string, file: unknown, options: object]>([
      ['a file that is none', 'text', {}],
      ['no file', undefined, {}],
      ['an onProgress that is no function', new Blob([]), { onProgress: true }],
      ['a signal that is none', new Blob([]), { signal: {} }],
    ])('%s is refused', async (_what, file, options) => {
      await expect((await ground.open()).import(file as Blob, options)).rejects.toEqual(invalid)
    })

    test('a closed handle imports and exports nothing', async () => {
      const store = await ground.open()
      await store.close()
      await expect(store.import(new Blob([]))).rejects.toMatchObject({ code: 'closed' })
      await expect(store.export()).rejects.toMatchObject({ code: 'closed' })
    })

    test('an export cut up by hand, and one saved by an editor, are imported all the same', async () => {
      const { source, target } = await sourceWith(ground, 20)
      const text = await (await source.export({ format: 'ndjson' })).text()
      const [header, ...lines] = text.split('\n')
      const { count: _count, ...rest } = JSON.parse(header!) as Record<string, unknown>
      const some = [JSON.stringify(rest), '', ...lines.filter((_, at) => at % 2)].join('\r\n')
      expect(await target.import(new Blob(['\ufeff', some]))).toMatchObject({ events: 10 })
      const file = await exported(source)
      const sorted = JSON.stringify(
        Object.fromEntries(Object.entries(file).toSorted(([a], [b]) => (a < b ? -1 : 1))),
        null,
        '\t',
      )
      expect(await target.import(new Blob([sorted.replaceAll('\n', '\r\n')]))).toMatchObject({
        events: 10,
        skipped: 10,
      })
    })

    test('any data survives export and import, in both formats', { timeout: 60_000 }, async () => {
      const target = await ground.open()
      const source = await openSource()
      const event = fc.record({
        data: anyData,
        meta: fc.option(fc.dictionary(fc.string(), anyData), { nil: undefined }),
        id: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
        time: fc.double({ noNaN: true, noDefaultInfinity: true }).map((time) => time + 0),
        weight: fc.constantFrom(1, 2.5),
      })
      await fc.assert(
        fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 5 }), async (events) => {
          await Promise.all([source.clear(), target.clear()])
          for (const { data, ...options } of events) {
            const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
            source.topic('t').record('x', data, given)
          }
          const recorded = await source.read()
          for (const format of bothFormats) {
            await target.clear()
            await target.import(await source.export({ format }))
            expectSame(kept(await target.read()), kept(recorded))
          }
        }),
        { numRuns: ground.name.includes('memory') ? 60 : 20 },
      )
      await source.close()
    })
  })
})
