import { asyncDispose } from '../core/dispose.js'
import type { Limiter, Reservation, Schedule, TimeWindow } from '../core/counters.js'
import { StoreError } from '../core/fault.js'
import { randomId } from '../core/ids.js'
import { assertId, assertSchedule, assertWhole } from '../fold/counter/check.js'
import type { Constraint } from '../fold/counter/limit.js'
import { windowMs } from '../fold/counter/time-window.js'
import type { CounterAsk } from './counters.js'
import type { Handle } from './handle.js'

const TTL_MS = 30_000

/** Builds the plan; the writer decides. */
export function createLimiter(handle: Handle, counters: CounterAsk, constraints: readonly Constraint[]): Limiter {
  const { outbox } = handle.shared
  const and = (constraint: Constraint): Limiter => createLimiter(handle, counters, [...constraints, constraint])
  const since = (is: 'cooldown' | 'within', id: string, duration: TimeWindow): Limiter => {
    assertId(id)
    return and({ is, id, windowMs: windowMs('duration', duration) })
  }
  const when = (is: 'during' | 'outsideOf', schedule: Schedule): Limiter => {
    assertSchedule(schedule)
    return and({ is, schedule: structuredClone(schedule) })
  }
  const planFor = (id: string): { id: string; constraints: readonly Constraint[] } => {
    handle.assertOpen()
    assertId(id)
    return { id, constraints }
  }
  const check = async (id: string): Promise<void> => counters.ask('check', planFor(id))
  return {
    atMost(id, limit, window) {
      assertId(id)
      assertWhole('limit', limit, 0)
      return and({ is: 'atMost', id, limit, windowMs: windowMs('window', window) })
    },
    atLeast(id, count, window) {
      assertId(id)
      assertWhole('count', count, 0)
      return and({ is: 'atLeast', id, count, windowMs: windowMs('window', window) })
    },
    cooldown: (id, duration) => since('cooldown', id, duration),
    within: (prerequisite, duration) => since('within', prerequisite, duration),
    during: (schedule) => when('during', schedule),
    outsideOf: (schedule) => when('outsideOf', schedule),
    check,
    async checkAndRecord(id) {
      const plan = planFor(id)
      await outbox.takeLimited({ do: 'record', plan }, [[id, handle.now(), 1]], handle.durability)
    },
    async allowed(id) {
      try {
        await check(id)
        return true
      } catch (error) {
        if (error instanceof StoreError && error.code === 'limit-exceeded') return false
        throw error
      }
    },
    usage: async (id) => counters.ask('usage', planFor(id)),
    async reserve(id, { ttlMs = TTL_MS } = {}) {
      const plan = planFor(id)
      assertWhole('ttlMs', ttlMs, 1)
      const reservation = randomId()
      await outbox.takeLimited({ do: 'reserve', plan, reservation, ttlMs }, [], handle.durability)
      return createReservation(handle, counters, id, reservation)
    },
  }
}

function createReservation(handle: Handle, counters: CounterAsk, id: string, reservation: string): Reservation {
  const { outbox } = handle.shared
  let settled: Promise<void> | null = null
  const settle = (work: () => Promise<void>): Promise<void> => {
    if (settled === null) {
      handle.assertOpen()
      handle.closers.delete(close)
      settled = work()
    }
    return settled
  }
  const cancel = (): Promise<void> => settle(() => counters.do('letGo', reservation))
  const close = (): void => void cancel().catch(() => {})
  handle.closers.add(close)
  return {
    commit: async () =>
      settle(() => outbox.takeLimited({ do: 'commit', reservation }, [[id, handle.now(), 1]], handle.durability)),
    cancel: async () => cancel(),
    [asyncDispose]: () => (settled === null ? cancel() : settled.catch(() => {})),
  }
}
