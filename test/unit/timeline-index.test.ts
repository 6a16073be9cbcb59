import { expect, test, vi } from 'vitest'
import { ColumnBuilder } from '../../src/codec/column-builder.js'
import { createMemoryDatabase } from '../../src/log/memory-database.js'
import { Log } from '../../src/log/log.js'
import type { TimelineRequest } from '../../src/protocol/timeline.js'
import { requestFor } from '../../src/protocol/writer-api.js'
import { Timelines } from '../../src/writer/timeline.js'
import { TimelineIndex } from '../../src/writer/timeline-index.js'

let seq = 0
const everything = requestFor({})
const request: TimelineRequest = {
  by: 'topic',
  topics: null,
  types: null,
  where: [],
  since: null,
  until: null,
  buckets: 1,
  everyMs: null,
  sequences: [0, Infinity],
  isPrompt: false,
}

async function appendTo(log: Log, topic: string, count: number): Promise<void> {
  const builder = new ColumnBuilder('p')
  for (let n = 0; n < count; n++) {
    builder.add({ topic, type: 'x', time: n, data: n, weight: 1, id: undefined, meta: undefined }, () => seq++)
  }
  await log.append([{ columns: builder.build(), session: 's', append: null }], 'relaxed')
}

const eventsIn = async (index: TimelineIndex): Promise<number | null> => (await index.current())?.events ?? null

test('the index reads each event once, and of evicted ones none again', async () => {
  const log = new Log(createMemoryDatabase())
  const read = vi.spyOn(log, 'readPage')
  const index = new TimelineIndex(log)
  await appendTo(log, 'a', 1000)
  await appendTo(log, 'b', 10)
  expect(await eventsIn(index)).toBe(1010)
  await appendTo(log, 'a', 5)
  expect(await eventsIn(index)).toBe(1015)
  await log.retain({ store: { maxEvents: 5 }, topics: new Map() }, 0)
  await log.clear('b')
  expect(await eventsIn(index)).toBe(await log.count(everything))
  expect(read.mock.calls.map(([{ sequences }]) => sequences[0])).toEqual([0, 1010, 1015])
  expect(await eventsIn(index)).toBe(5)
  expect(read).toHaveBeenCalledTimes(3)
})

test('it is read in pieces, with nothing left out between them', async () => {
  const log = new Log(createMemoryDatabase())
  await appendTo(log, 'a', 20_000)
  expect(await eventsIn(new TimelineIndex(log))).toBe(20_000)
  await appendTo(log, 'a', 2 * 8192 - (20_000 % 8192))
  const index = new TimelineIndex(log)
  expect(await eventsIn(index)).toBe(await log.count(everything))
  await appendTo(log, 'a', 1)
  expect(await eventsIn(index)).toBe(await log.count(everything))
})

test('what was erased from the middle makes it read all anew', async () => {
  const log = new Log(createMemoryDatabase())
  const index = new TimelineIndex(log)
  await appendTo(log, 'a', 100)
  expect(await eventsIn(index)).toBe(100)
  await log.erase({ ...everything, sequences: [50, 60] })
  expect(await eventsIn(index)).toBe(90)
})

test('more than it may hold it gives up, until there is less', async () => {
  const log = new Log(createMemoryDatabase())
  const read = vi.spyOn(log, 'readPage')
  const index = new TimelineIndex(log, { mostEvents: 100 })
  await appendTo(log, 'a', 60)
  expect(await eventsIn(index)).toBe(60)
  await appendTo(log, 'b', 60)
  read.mockClear()
  expect(await eventsIn(index)).toBe(null)
  await index.follow()
  expect(read).not.toHaveBeenCalled()
  await log.clear('a')
  expect(await eventsIn(index)).toBe(60)
})

test('the index is made once, and let go with the last who asked or when nobody asks for long', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const log = new Log(createMemoryDatabase())
    await appendTo(log, 'a', 10)
    const read = vi.spyOn(log, 'readPage')
    const timelines = new Timelines(log)
    const [one, other] = [{}, {}]
    const readsOf = async (asker: object): Promise<number> => {
      read.mockClear()
      const { lanes } = await timelines.ask(asker, { ...request })
      expect(lanes).toEqual([{ key: 'a', counts: Uint32Array.of(10) }])
      return read.mock.calls.length
    }
    expect([await readsOf(one), await readsOf(other), await readsOf(one)]).toEqual([1, 0, 0])
    timelines.forget(one)
    expect(await readsOf(other)).toBe(0)
    timelines.forget(other)
    expect(await readsOf(other)).toBe(1)
    vi.advanceTimersByTime(59_000)
    expect(await readsOf(other)).toBe(0)
    vi.advanceTimersByTime(61_000)
    expect(await readsOf(other)).toBe(1)
    timelines.close()
  } finally {
    vi.useRealTimers()
  }
})
