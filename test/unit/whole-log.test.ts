import { expect, test, vi } from 'vitest'
import { ColumnBuilder } from '../../src/codec/column-builder.js'
import { openSegment } from '../../src/codec/decode.js'
import { Log } from '../../src/log/log.js'
import { createMemoryDatabase } from '../../src/log/memory-database.js'
import { requestFor, type SegmentSlice } from '../../src/protocol/writer-api.js'
import { Timelines } from '../../src/writer/timeline.js'
import { WholeLog } from '../../src/writer/whole-log.js'

async function appendTo(log: Log, topic: string, count: number): Promise<void> {
  const builder = new ColumnBuilder(crypto.randomUUID())
  for (let n = 0; n < count; n++) {
    builder.add({ topic, type: 'x', time: n, data: n, weight: 1, id: undefined, meta: undefined }, () => n)
  }
  await log.append([{ columns: builder.build(), session: 's', append: null }], 'relaxed')
}

function open(log: Log): WholeLog {
  const timelines = new Timelines(log)
  return new WholeLog(log, (request) => timelines.ask(log, request))
}

const sequencesIn = (slices: readonly SegmentSlice[]): number[] =>
  slices.flatMap((slice) => {
    const { sequence } = openSegment(slice, 'checked')
    return slice.rows === null ? [...sequence] : Array.from(slice.rows, (row) => sequence[row]!)
  })

async function allSequences(log: Log): Promise<number[]> {
  return sequencesIn((await log.readPage(requestFor({}))).slices)
}

/** Every row, whatever part is asked for, and the rank of each are those of a log read through. */
async function expectTrue(log: Log, whole: WholeLog): Promise<void> {
  const sequences = await allSequences(log)
  const progress = await whole.progress(-1)
  expect(progress).toMatchObject({ matches: sequences.length, total: sequences.length, done: true })
  for (const [first, count] of [
    [0, Infinity],
    [0, 1],
    [7, 30],
    [sequences.length - 3, 10],
    [sequences.length, 5],
  ] as const) {
    expect(sequencesIn(await whole.rows(first, count))).toEqual(sequences.slice(Math.max(0, first), first + count))
  }
  for (let rank = 0; rank < sequences.length; rank += 13) expect(await whole.rank(sequences[rank]!)).toBe(rank)
  expect(await whole.rank(Infinity)).toBe(sequences.length)
}

test('rows and ranks are those of a log read through, whatever happened to it', async () => {
  const log = new Log(createMemoryDatabase())
  const whole = open(log)
  expect(await whole.progress(-1)).toMatchObject({ matches: 0, head: -1, since: null })
  for (let turn = 0; turn < 5; turn++) {
    await appendTo(log, 'a', 20)
    await appendTo(log, 'b', 7)
    await expectTrue(log, whole)
  }
  const { generation } = (await whole.progress(-1))!
  await log.erase(requestFor({ sequences: [30, 33] }))
  await expectTrue(log, whole)
  await log.clear('b')
  await expectTrue(log, whole)
  await log.retain({ store: { maxEvents: 35 }, topics: new Map() }, 0)
  await expectTrue(log, whole)
  expect((await whole.progress(-1))!.generation).toBeGreaterThan(generation)
})

test('segments that grow together leave every event its rank, also with what came later', async () => {
  const log = new Log(createMemoryDatabase())
  const whole = open(log)
  for (let turn = 0; turn < 20; turn++) await appendTo(log, 'a', 5)
  const { generation } = (await whole.progress(-1))!
  await appendTo(log, 'a', 5)
  while (await log.compactStep({ mergeFrom: 2, compressAfter: Infinity, stepBytes: 1e6 }));
  await expectTrue(log, whole)
  expect((await whole.progress(-1))!.generation).toBe(generation)
})

test('no segment is read before a row is asked for, and then only where it lies', async () => {
  const log = new Log(createMemoryDatabase())
  for (let turn = 0; turn < 50; turn++) await appendTo(log, 'a', 10)
  const read = vi.spyOn(log, 'readPage')
  const whole = open(log)
  expect(await whole.progress(-1)).toMatchObject({ matches: 500, since: 0, until: 9 })
  expect(read).not.toHaveBeenCalled()
  expect(sequencesIn(await whole.rows(123, 2))).toEqual([123, 124])
  expect(read.mock.calls.map(([{ sequences, limit }]) => [sequences[0], limit])).toEqual([[120, 5]])
})

test('while events are counted for it, a histogram is worth asking for again', async () => {
  const log = new Log(createMemoryDatabase())
  for (let turn = 0; turn < 10; turn++) await appendTo(log, 'a', 2_000)
  const timelines = new Timelines(log)
  const told: boolean[] = []
  const whole = new WholeLog(log, async (request) => {
    const part = await timelines.ask(log, request)
    told.push(part.counting === null)
    return part
  })
  const histogram = async (): Promise<number[]> => [...(await whole.histogram(0, 2_000, 4))]
  for (let after = -1; told.at(-1) !== true;) {
    after = (await whole.progress(after))!.revision
    expect((await histogram()).reduce((sum, own) => sum + own)).toBeGreaterThan(19_990)
  }
  expect(told[0]).toBe(false)
  expect(await histogram()).toEqual([5_000, 5_000, 5_000, 5_000])
  timelines.close()
})
