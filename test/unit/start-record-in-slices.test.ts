import { expect, test } from 'vitest'
import { recordInSlices } from '../../panel/start/record-in-slices.js'

/** A clock on which every record takes `costMs`, and a pause nothing. */
function rig(costMs: number) {
  const seen = { time: 0, records: 0, flushes: [] as number[], slices: [] as number[], sliceStart: 0 }
  const abort = new AbortController()
  const record = () => {
    seen.time += costMs
    seen.records++
  }
  const options = {
    flush: async () => void seen.flushes.push(seen.records),
    onProgress: () => void seen.slices.push(seen.time - seen.sliceStart),
    pause: async () => void (seen.sliceStart = seen.time),
    now: () => seen.time,
    signal: abort.signal,
  }
  return { seen, abort, record, options }
}

test('every event is recorded once and the last flush comes after the last event', async () => {
  const { seen, record, options } = rig(0.001)
  expect(await recordInSlices(100_000, record, options)).toBe(100_000)
  expect(seen.records).toBe(100_000)
  expect(seen.flushes.at(-1)).toBe(100_000)
})

test('no slice lasts long, however slow recording is', async () => {
  const { seen, record, options } = rig(0.5)
  await recordInSlices(1000, record, options)
  expect(Math.max(...seen.slices)).toBeLessThanOrEqual(14)
})

test('the log catches up on the way, so that the queue stays short', async () => {
  const { seen, record, options } = rig(0.001)
  await recordInSlices(100_000, record, options)
  const waits = seen.flushes.map((at, index) => at - (seen.flushes[index - 1] ?? 0))
  expect(Math.max(...waits)).toBeLessThanOrEqual(22_000)
})

test('cancelled, it commits what it recorded and says how much', async () => {
  const { seen, abort, record, options } = rig(0.001)
  const recorded = await recordInSlices(100_000, record, {
    ...options,
    onProgress: (done) => void (done >= 5000 && abort.abort()),
  })
  expect(recorded).toBe(seen.records)
  expect(recorded).toBeLessThan(10_000)
  expect(seen.flushes).toEqual([recorded])
})

test('a log that cannot commit ends it', async () => {
  const { record, options } = rig(0.001)
  const flush = () => Promise.reject(new Error('the disk is full'))
  await expect(recordInSlices(10, record, { ...options, flush })).rejects.toThrow('the disk is full')
})
