import { afterEach, expect, test, vi } from 'vitest'
import { newHead } from '../../src/log/log-memory.js'
import { Flood } from '../../src/writer/flood.js'

afterEach(() => vi.restoreAllMocks())

test('so many events a millisecond are a flood, until they ebb; what was there before is none', () => {
  const now = vi.spyOn(performance, 'now')
  const flood = new Flood()
  const isOnAt = (ms: number, nextSequence: number): boolean => {
    now.mockReturnValue(ms)
    return flood.isOn({ ...newHead(), nextSequence })
  }
  expect(isOnAt(1000, 1_000_000)).toBe(false)
  expect(isOnAt(1100, 1_001_900)).toBe(false)
  expect(isOnAt(1200, 1_004_000)).toBe(true)
  // Too soon to tell.
  expect(isOnAt(1210, 1_004_000)).toBe(true)
  expect(isOnAt(1300, 1_004_100)).toBe(false)
})
