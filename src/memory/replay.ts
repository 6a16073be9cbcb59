import { invalidArgument } from '../core/fault.js'
import { assertTime } from './check.js'
import { millisecondsOf } from './clock.js'
import type { MemoryEvent } from './event.js'

/** A cursor over the events in the order of their timestamps, as they were when it was made. */
export interface Replay {
  next(): MemoryEvent | null
  reset(): void
  /** How many events are behind it; set it to go anywhere. */
  position: number
  readonly length: number
  /** 0 to 1; of no events 0. */
  readonly progress: number
  /** The events from here on that are before `time`; the first one that is not is the next. */
  advanceUntil(time: number): MemoryEvent[]
  /** Moves nothing. */
  between(since: number, until: number): MemoryEvent[]
}

export function createReplay(events: readonly MemoryEvent[]): Replay {
  const times = events.map(({ timestamp }) => millisecondsOf(timestamp))
  const firstAt = (time: number): number => {
    let low = 0
    let high = times.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (times[middle]! < time) low = middle + 1
      else high = middle
    }
    return low
  }
  let position = 0
  return {
    next: () => (events[position] === undefined ? null : events[position++]!),
    reset() {
      position = 0
    },
    get position() {
      return position
    },
    set position(to) {
      if (!Number.isInteger(to) || to < 0 || to > events.length) {
        throw invalidArgument('position', `a whole number from 0 to ${events.length}`, to)
      }
      position = to
    },
    length: events.length,
    get progress() {
      return events.length === 0 ? 0 : position / events.length
    },
    advanceUntil(time) {
      assertTime('time', time)
      const from = position
      position = Math.max(from, firstAt(time))
      return events.slice(from, position)
    },
    between(since, until) {
      assertTime('since', since)
      assertTime('until', until)
      return events.slice(firstAt(since), firstAt(until))
    },
  }
}
