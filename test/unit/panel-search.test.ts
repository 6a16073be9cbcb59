import { afterEach, expect, test, vi } from 'vitest'
import { EventRate } from '../../panel/model/event-rate.js'
import { followSearch } from '../../panel/model/follow-search.js'
import { LatestWins } from '../../panel/model/latest-wins.js'
import { fakePanelSource } from '../kit/fake-panel-source.js'

afterEach(() => vi.useRealTimers())

const nothing = { onProgress() {}, onEnd() {} }

test('a search is followed until stopped, with one question outstanding at most', async () => {
  // The fake rejects a second question at once.
  const source = fakePanelSource({ events: 10 })
  const matches: number[] = []
  const onEnd = vi.fn()
  const stop = followSearch(source, { all: [] }, { onProgress: (_, progress) => matches.push(progress.matches), onEnd })
  await vi.waitFor(() => expect(matches.at(-1)).toBe(10))
  source.grow(5)
  await vi.waitFor(() => expect(matches.at(-1)).toBe(15))
  stop()
  expect(source.openSearches).toBe(0)
  source.grow(5)
  await new Promise((done) => setTimeout(done, 60))
  expect(matches.at(-1)).toBe(15)
  expect(onEnd).not.toHaveBeenCalled()
})

test('a search stopped while it is being opened is closed', async () => {
  const source = fakePanelSource()
  followSearch(source, { all: [] }, nothing)()
  await vi.waitFor(() => expect(source.openSearches).toBe(0))
})

test('a source that ends the search is told apart from a stop', async () => {
  const source = fakePanelSource({ events: 1 })
  const onEnd = vi.fn()
  const onProgress = vi.fn()
  followSearch(source, { all: [] }, { onProgress, onEnd })
  await vi.waitFor(() => expect(onProgress).toHaveBeenCalled())
  source.die()
  await vi.waitFor(() => expect(onEnd).toHaveBeenCalledExactlyOnceWith(null))
})

test('of the tasks asked for while one runs only the newest is run, after the gap', async () => {
  vi.useFakeTimers()
  const ran: string[] = []
  const queue = new LatestWins(100, () => {})
  const task = (name: string) => async () => void ran.push(name)
  queue.ask(task('a'))
  queue.ask(task('b'))
  queue.ask(task('c'))
  await vi.advanceTimersByTimeAsync(99)
  expect(ran).toEqual(['a'])
  await vi.advanceTimersByTimeAsync(1)
  expect(ran).toEqual(['a', 'c'])
})

test('a closed queue runs nothing and leaves no timer', async () => {
  vi.useFakeTimers()
  const ran: string[] = []
  const queue = new LatestWins(100, () => {})
  queue.ask(async () => void ran.push('a'))
  queue.ask(async () => void ran.push('b'))
  await vi.advanceTimersByTimeAsync(10)
  queue.close()
  expect(vi.getTimerCount()).toBe(0)
  await vi.advanceTimersByTimeAsync(500)
  expect(ran).toEqual(['a'])
})

test('a task that fails is reported and the next one runs', async () => {
  vi.useFakeTimers()
  const faults: unknown[] = []
  const ran: string[] = []
  const queue = new LatestWins(10, (error) => faults.push(error))
  queue.ask(() => Promise.reject(new Error('no')))
  queue.ask(async () => void ran.push('b'))
  await vi.advanceTimersByTimeAsync(20)
  expect([faults.length, ran]).toEqual([1, ['b']])
})

test('events per second are counted over three seconds and fall back to zero', () => {
  const rate = new EventRate()
  rate.add(0, 1000)
  for (let at = 100; at <= 5000; at += 100) rate.add(at, 1000 + at / 10)
  expect(rate.perSecond(5000)).toBeCloseTo(100, 0)
  expect(rate.perSecond(9000)).toBe(0)
})

test('a cleared log is no burst of events', () => {
  const rate = new EventRate()
  rate.add(0, 1000)
  rate.add(100, 3)
  expect(rate.perSecond(200)).toBe(0)
})
