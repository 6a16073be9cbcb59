import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LOOK_AT_WAITS_MS, LOOK_MS, Watchdog } from '../../src/host/watchdog.js'

const LIMIT_MS = 5 * LOOK_MS

/** What was pinged and never answered, until told otherwise. */
let pings: ((answer: null) => void)[]
let silent: ReturnType<typeof vi.fn<() => void>>
let asleepMs: number

beforeEach(() => {
  vi.useFakeTimers()
  pings = []
  silent = vi.fn<() => void>()
  asleepMs = 0
})
afterEach(() => {
  vi.useRealTimers()
})

function watchdog(): Watchdog {
  const ping = () => new Promise((resolve) => pings.push(resolve))
  return new Watchdog(ping, silent, LIMIT_MS, () => Date.now() + asleepMs)
}

test('nothing runs while nothing is asked', () => {
  const watched = watchdog()
  watched.asked('due')
  watched.answered('due')
  vi.advanceTimersByTime(LOOK_MS)
  expect(vi.getTimerCount()).toBe(0)
  expect(pings).toEqual([])
})

test('an answer that stays out for the limit is silence, told once', () => {
  watchdog().asked('due')
  vi.advanceTimersByTime(LIMIT_MS - 1)
  expect(silent).not.toHaveBeenCalled()
  vi.advanceTimersByTime(10 * LIMIT_MS)
  expect(silent).toHaveBeenCalledTimes(1)
  expect(vi.getTimerCount()).toBe(0)
})

test('a slow one that answers pings is never silent', async () => {
  watchdog().asked('due')
  for (let n = 0; n < 100; n++) {
    await vi.advanceTimersByTimeAsync(LOOK_MS)
    for (const answer of pings.splice(0)) answer(null)
  }
  expect(silent).not.toHaveBeenCalled()
})

test('time asleep does not count, however long', () => {
  watchdog().asked('due')
  for (let n = 0; n < 4; n++) {
    asleepMs += 3_600_000
    vi.advanceTimersByTime(LOOK_MS)
  }
  expect(silent).not.toHaveBeenCalled()
  vi.advanceTimersByTime(LOOK_MS)
  expect(silent).toHaveBeenCalledTimes(1)
})

test('one that only lets wait is pinged now and then, and silent when it does not answer', () => {
  watchdog().asked('waits')
  vi.advanceTimersByTime(LOOK_AT_WAITS_MS - 1)
  expect(pings).toHaveLength(0)
  vi.advanceTimersByTime(1)
  expect(pings).toHaveLength(1)
  vi.advanceTimersByTime(LIMIT_MS)
  expect(silent).toHaveBeenCalledTimes(1)
})

test('what is due is looked at sooner than what waits', () => {
  const watched = watchdog()
  watched.asked('waits')
  watched.asked('due')
  vi.advanceTimersByTime(LOOK_MS)
  expect(pings).toHaveLength(1)
})

test('a closed one says nothing', () => {
  const watched = watchdog()
  watched.asked('due')
  watched.close()
  watched.asked('due')
  vi.advanceTimersByTime(10 * LIMIT_MS)
  expect(silent).not.toHaveBeenCalled()
  expect(vi.getTimerCount()).toBe(0)
})
