import { isRealIndexedDb } from '../kit/indexeddb.js'
import { describe, expect, test } from 'vitest'
import { openExport, openStore, type ReadableStore, type Store, type StoreExport } from '../../src/index.js'
import { PANEL_SOURCE, type PanelSource } from '../../src/protocol/panel-source.js'
import { expectSame } from '../kit/any-data.js'

let lastStore = 0

async function filled(events = 1500): Promise<Store> {
  const store = await openStore(`opened-${++lastStore}`, { storage: 'memory', host: 'inline' })
  store.topic('gone').record('x', 0)
  await store.clear()
  for (let n = 0; n < events; n++) {
    const data = n % 7 ? { n } : new Map([['n', n]])
    store
      .topic(`t${n % 2}`)
      .record(n % 3 ? 'x' : 'y', data, { time: 1000 + n, ...(n % 5 ? {} : { meta: { n }, id: `i${n}` }) })
  }
  await store.flush()
  return store
}

async function asObject(store: Store): Promise<StoreExport> {
  return JSON.parse(await (await store.export()).text()) as StoreExport
}

describe('openExport', () => {
  const ways: [way: string, file: (store: Store) => Promise<Blob | StoreExport>][] = [
    ['JSON', (store) => store.export()],
    ['pretty JSON', (store) => store.export({ pretty: true })],
    ['NDJSON', (store) => store.export({ format: 'ndjson' })],
    ['a parsed export', asObject],
    ['JSON, newest first', (store) => store.export({ direction: 'backward' })],
  ]
  test.each(ways)('reads %s as the store itself is read', { timeout: 30_000 }, async (_way, file) => {
    const store = await filled()
    const archive: ReadableStore = await openExport(await file(store))
    expect(archive.name).toBe(store.name)
    expectSame(await archive.read(), await store.read())
    expect(await archive.topics()).toEqual(await store.topics())
    expect(await archive.count()).toBe(1500)
    const query = { types: ['y'], since: 1300, limit: 20, direction: 'backward' } as const
    expectSame(await archive.read(query), await store.read(query))
    const topic = archive.topic('t1')
    expect(topic.name).toBe('t1')
    expectSame(await topic.read({ from: 10, to: 20 }), await store.topic('t1').read({ from: 10, to: 20 }))
    expectSame(await topic.latest(), await store.topic('t1').latest())
    expectSame(await topic.last(3), await store.topic('t1').last(3))
    expect(await topic.count({ where: { n: 9 } })).toBe(1)
    expect(await archive.topic('absent').read()).toEqual([])
    const streamed = []
    for await (const event of archive.stream({ pageSize: 100 })) streamed.push(event.sequence)
    expect(streamed).toEqual((await store.read()).map(({ sequence }) => sequence))
    expect(await archive.metrics()).toMatchObject({ events: 1500, writes: 0 })
    await archive.close()
    await archive.close()
    await expect(archive.read()).rejects.toMatchObject({ code: 'closed' })
    await store.close()
  })

  test('positions and sequences are those of the file, also where some are missing', async () => {
    const store = await filled(100)
    const archive = await openExport(await store.export({ types: ['y'], since: 1010 }))
    expectSame(await archive.read(), await store.read({ types: ['y'], since: 1010 }))
    expect(await archive.topics()).toMatchObject([
      { name: 't0', first: 6, next: 50, count: 15 },
      { name: 't1', first: 7, next: 50, count: 15 },
    ])
    await archive.close()
    await store.close()
  })

  test('an empty export opens and reads as empty', async () => {
    const store = await filled(3)
    for (const format of ['json', 'ndjson'] as const) {
      const archive = await openExport(await store.export({ format, limit: 0 }))
      expect([await archive.read(), await archive.count(), await archive.topics()]).toEqual([[], 0, []])
      expect(await archive.topic('t0').latest()).toBeNull()
      await archive.close()
    }
    await store.close()
  })

  test('it has nothing that writes, and needs no database', async () => {
    const store = await filled(10)
    const file = await store.export()
    const databases = async () => (isRealIndexedDb ? (await indexedDB.databases()).map(({ name }) => name) : [])
    const before = await databases()
    const archive = await openExport(file)
    for (const name of ['flush', 'append', 'record', 'clear', 'erase', 'compact', 'import', 'subscribe']) {
      expect(archive).not.toHaveProperty(name)
      expect(archive.topic('t0')).not.toHaveProperty(name)
    }
    expect(await databases()).toEqual(before)
    await store.clear()
    expect(await archive.count()).toBe(10)
    await archive.close()
    await store.close()
  })

  test('bad queries are refused, and a signal ends a read', async () => {
    const archive = await openExport(await (await filled(3)).export())
    await expect(archive.read({ limit: -1 })).rejects.toMatchObject({ code: 'invalid-argument' })
    expect(() => archive.topic('')).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
    await expect(archive.read({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' })
    await archive.close()
  })

  test('the panel gets a source that only reads', async () => {
    const store = await filled(200)
    const archive = await openExport(await store.export())
    const source = (archive as unknown as { [PANEL_SOURCE](): PanelSource })[PANEL_SOURCE]()
    expect(source).toMatchObject({ readOnly: true, producer: null, store: store.name })
    expect(await source.overview()).toMatchObject({ events: 200, head: 200, types: ['x', 'y'] })
    const search = await source.search({ all: [{ is: 'type', match: { contains: 'y' } }] })
    let progress = await search.progress(-1)
    while (progress && !progress.done) progress = await search.progress(progress.revision)
    expect(progress).toMatchObject({ matches: 67, done: true })
    expectSame(await search.rows(0, 2), await store.read({ types: ['y'], limit: 2 }))
    search.close()
    await expect(source.clear()).rejects.toMatchObject({ code: 'unsupported' })
    expect(JSON.parse(await (await source.export()).text())).toMatchObject({ store: store.name, sequence: 200 })
    await archive.close()
    await store.close()
  })

  test('what is exported again is what was opened', async () => {
    const store = await filled(50)
    const first = await asObject(store)
    const archive = await openExport(first)
    const source = (archive as unknown as { [PANEL_SOURCE](): PanelSource })[PANEL_SOURCE]()
    const again = JSON.parse(await (await source.export()).text()) as StoreExport
    expect({ ...again, exportedAt: 0, counters: 0 }).toEqual({ ...first, exportedAt: 0, counters: 0 })
    await archive.close()
    await store.close()
  })
})
