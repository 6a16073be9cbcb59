import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { newHead } from '../../src/log/log-memory.js'
import { Maintenance } from '../../src/writer/maintenance.js'
import { Settings } from '../../src/writer/settings.js'

const SECOND = 1_000
const STEP_MS = 50

let isCommitting: boolean
let done: string[]
/** Steps there are to take. */
let left: number
let maintenance: Maintenance

beforeEach(() => {
  vi.useFakeTimers()
  isCommitting = false
  done = []
  left = 3
  const log = {
    refresh: async () => newHead(),
    retain: async () => done.push('retain'),
    compactStep: async () => {
      if (left === 0) return false
      left--
      await new Promise((resolve) => setTimeout(resolve, STEP_MS))
      done.push('step')
      return true
    },
  }
  const flusher = {
    get isCommitting() {
      return isCommitting
    },
    inTurn: (task: (isEarly: boolean) => Promise<void>) => task(false),
  }
  const settings = new Settings()
  settings.name({ at: 0, retention: { maxEvents: 1 } })
  maintenance = new Maintenance(log, flusher, settings, () => 0)
})
afterEach(() => {
  maintenance.close()
  vi.useRealTimers()
})

test('a second after a commit what is too old goes, and then step after step is taken', async () => {
  maintenance.wake()
  await vi.advanceTimersByTimeAsync(SECOND - 1)
  expect(done).toEqual([])
  await vi.advanceTimersByTimeAsync(SECOND)
  expect(done).toEqual(['retain', 'step', 'step', 'step'])
})

test('while events are being committed no step is taken, but what is too old goes', async () => {
  isCommitting = true
  maintenance.wake()
  await vi.advanceTimersByTimeAsync(3 * SECOND)
  expect(done).toEqual(['retain', 'retain', 'retain'])
  isCommitting = false
  await vi.advanceTimersByTimeAsync(2 * SECOND)
  expect(done.slice(3)).toEqual(['retain', 'step', 'step', 'step'])
})

test('however much there is to do, what is too old goes every second, and no two work at once', async () => {
  left = Infinity
  maintenance.wake()
  await vi.advanceTimersByTimeAsync(SECOND)
  for (let second = 0; second < 3; second++) {
    done = []
    maintenance.wake()
    await vi.advanceTimersByTimeAsync(SECOND + 4 * STEP_MS)
    expect(done.filter((own) => own === 'retain')).toHaveLength(1)
    expect(done).toContain('step')
  }
})
