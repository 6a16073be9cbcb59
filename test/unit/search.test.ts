import { expect, test, vi } from 'vitest'
import { ColumnBuilder } from '../../src/codec/column-builder.js'
import { openSegment } from '../../src/codec/decode.js'
import { dataOf } from '../../src/codec/events.js'
import { Log } from '../../src/log/log.js'
import { createMemoryDatabase } from '../../src/log/memory-database.js'
import type { EventFilter } from '../../src/protocol/event-filter.js'
import type { SearchProgress } from '../../src/protocol/panel-source.js'
import { Search } from '../../src/writer/search.js'

const EVENTS = 40_000
const filter: EventFilter = { all: [{ is: 'value', path: ['n'], compare: '>=', value: 10 }] }

async function filled(): Promise<Log> {
  const log = new Log(createMemoryDatabase())
  await append(log, EVENTS)
  return log
}

async function append(log: Log, events: number): Promise<void> {
  const builder = new ColumnBuilder(crypto.randomUUID())
  for (let n = 0; n < events; n++) {
    builder.add({ topic: 'a', type: 'x', time: n, data: { n }, weight: 1, id: undefined, meta: undefined }, () => n)
  }
  await log.append([{ columns: builder.build(), session: 's', append: null }], 'relaxed')
}

async function untilDone(search: Search): Promise<SearchProgress[]> {
  const told: SearchProgress[] = []
  for (let after = -1; told.at(-1)?.done !== true;) {
    const progress = (await search.progress(after))!
    told.push(progress)
    after = progress.revision
  }
  return told
}

test('the log is read some events at a time, and each is found once', async () => {
  const log = await filled()
  const read = vi.spyOn(log, 'readPage')
  const search = new Search(log, filter)
  const told = await untilDone(search)
  expect(told.at(-1)).toMatchObject({
    matches: EVENTS - 10,
    scanned: EVENTS,
    total: EVENTS,
    since: 10,
    until: EVENTS - 1,
  })
  expect(read.mock.calls.map(([{ sequences }]) => sequences[0])).toEqual([0, 16_384, 32_768])
  const [slice] = await search.rows(20_000, 1)
  const { columns } = openSegment(slice!, 'checked')
  expect(dataOf(columns, slice!.rows![0]!)).toEqual({ n: 20_010 })
  expect(await search.rank(20_010)).toBe(20_000)
  search.close()
})

test('a search that is closed looks no further', async () => {
  const log = await filled()
  const read = vi.spyOn(log, 'readPage')
  const search = new Search(log, filter)
  const told = search.progress(0)
  search.close()
  expect(await told).toBeNull()
  await log.refresh()
  expect(read).toHaveBeenCalledTimes(1)
})

test('a search that is through reads nothing while the writer is flooded, and goes on as the flood ebbs', async () => {
  const log = await filled()
  let isFlooded = false
  const search = new Search(log, filter, () => isFlooded)
  const { revision } = (await untilDone(search)).at(-1)!
  isFlooded = true
  const read = vi.spyOn(log, 'readPage')
  const next = search.progress(revision)
  for (let commit = 0; commit < 3; commit++) {
    await append(log, 20)
    search.follow()
    await log.refresh()
  }
  expect(read).not.toHaveBeenCalled()
  isFlooded = false
  search.follow()
  expect(await next).toMatchObject({ matches: EVENTS + 20, done: true })
  search.close()
})
