import type { Clock } from '../core/clock.js'
import { invalidArgument } from '../core/fault.js'

/** Stands still unless it is told to go on. */
export interface ManualClock extends Clock {
  /** Epoch milliseconds: set it to whatever time it shall be, earlier ones too. */
  time: number
  advance(ms: number): void
}

/** A clock for openStore({ host: 'inline', clock }): `time` as Date takes it. Default: 1 January 2030, 0:00 UTC. */
export function manualClock(time: number | string | Date = '2030-01-01T00:00Z'): ManualClock {
  const start = new Date(time).getTime()
  if (Number.isNaN(start)) throw invalidArgument('time', 'a time as Date takes it', time)
  const clock: ManualClock = {
    time: start,
    now: () => clock.time,
    advance(ms) {
      if (!Number.isFinite(ms)) throw invalidArgument('ms', 'a finite number of milliseconds', ms)
      clock.time += ms
    },
  }
  return clock
}
