import type { CounterExport, Counters, CountOptions, TrackedInterval } from '../core/counters.js'
import { invalidArgument, storeError } from '../core/fault.js'
import { assertId, assertWhole } from '../fold/counter/check.js'
import { windowMs } from '../fold/counter/time-window.js'
import type { CounterCommand, CounterCommands, CounterQuestion, CounterQuestions } from '../protocol/counters.js'
import { createCounterQueries } from './counter-queries.js'
import { ofType } from './check.js'
import type { Handle } from './handle.js'
import { createLimiter } from './limiter.js'

type Asked<Q extends CounterQuestion> = ReturnType<CounterQuestions[Q]>
type Done<C extends CounterCommand> = ReturnType<CounterCommands[C]>

/** The store's counters through one handle. */
export interface CounterAsk {
  ask<Q extends CounterQuestion>(question: Q, ...args: Parameters<CounterQuestions[Q]>): Asked<Q>
  do<C extends CounterCommand>(command: C, ...args: Parameters<CounterCommands[C]>): Done<C>
}

export function createCounters(handle: Handle): Counters {
  const { connection, outbox } = handle.shared
  // The writer answers a question as it is declared: one table types both sides.
  const counters: CounterAsk = {
    ask: (async (question: CounterQuestion, ...args: unknown[]) => {
      handle.assertOpen()
      if (question !== 'isDirty') outbox.seal()
      return connection.call('counterAsk', question, args)
    }) as CounterAsk['ask'],
    do: (async (command: CounterCommand, ...args: unknown[]) => {
      handle.assertOpen()
      return outbox.command(command, args)
    }) as CounterAsk['do'],
  }
  const exchange = async (command: 'replace' | 'merge', data: CounterExport): Promise<void> => {
    handle.assertOpen()
    await counters.do(command, captured(data))
  }
  return {
    ...createCounterQueries(counters),
    trackedIntervals: () => handle.shared.tracked().map(({ unit, buckets }): TrackedInterval => ({ unit, buckets })),
    record(id, options) {
      handle.assertOpen()
      assertId(id)
      const now = handle.now()
      const { time, count } = options === undefined ? { time: now, count: 1 } : whenAndHowOften(options, now)
      outbox.recordCount(id, time, count, handle.durability, handle.journaled)
    },
    limit: () => createLimiter(handle, counters, []),
    async balanceDelta(positive, negative) {
      assertId(positive, 'positive')
      assertId(negative, 'negative')
      return counters.do('balance', positive, negative)
    },
    isDirty: async () => !outbox.isEmpty || counters.ask('isDirty'),
    async persist(options = {}) {
      ofType('all', options.all, 'boolean')
      await handle.flush()
      await counters.do('markClean')
    },
    resetDirty: async () => counters.do('markClean'),
    compact: async () => counters.do('compact'),
    import: (data) => exchange('replace', data),
    merge: (data) => exchange('merge', data),
    async clear(id) {
      if (id !== undefined) assertId(id)
      await counters.do('clear', id ?? null)
    },
  }
}

function whenAndHowOften({ count = 1, at, ago }: CountOptions, now: number): { time: number; count: number } {
  assertWhole('count', count, 1)
  if (at !== undefined && ago !== undefined) throw invalidArgument('ago', 'left out beside at', ago)
  if (ago !== undefined) return { time: now - windowMs('ago', ago, 0), count }
  if (at === undefined) return { time: now, count }
  if (typeof at !== 'number' || !Number.isFinite(at)) {
    throw invalidArgument('at', 'a finite number of milliseconds', at)
  }
  if (at > now) {
    throw storeError(
      'future-event',
      `Nothing can be counted at ${at}, which is ${at - now} ms from now: count it then.`,
      {
        at,
        now,
      },
    )
  }
  return { time: at, count }
}

// As it is now, whatever is done to it while it waits for its turn.
function captured(data: CounterExport): CounterExport {
  try {
    return structuredClone(data)
  } catch (error) {
    throw storeError(
      'invalid-file',
      `The counters cannot be used: they are not plain data (${String(error)}).`,
      {},
      error,
    )
  }
}
