import type { Clock } from '../../src/index.js'

/** Stands still unless it is told to go on. */
export interface ManualClock extends Clock {
  time: number
  advance(ms: number): void
}

export function manualClock(time: number | string): ManualClock {
  const clock: ManualClock = {
    time: new Date(time).getTime(),
    now: () => clock.time,
    advance: (ms) => {
      clock.time += ms
    },
  }
  return clock
}

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
