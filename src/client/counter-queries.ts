import type { RangeQuery, Ranges, ReadableCounters, Unit } from '../core/counters.js'
import { invalidArgument } from '../core/fault.js'
import { assertId, assertUnit, assertWhole } from '../fold/counter/check.js'
import type { Range } from '../fold/counter/counter.js'
import type { CounterAsk } from './counters.js'
import { ofType } from './check.js'

/** Answers in buckets, newest first, of each group of ids. */
type AskBuckets = (range: Range) => Promise<(number[] | null)[]>

export function createCounterQueries({ ask }: CounterAsk): Omit<ReadableCounters, 'trackedIntervals'> {
  const groups = (...groups: string[][]): AskBuckets => {
    for (const id of groups.flat()) assertId(id)
    return (range) => ask('buckets', groups, range)
  }
  return {
    query(id) {
      const seen = () => ask('seen', id)
      return {
        ...rangesOf(groups([id]), rangeQuery),
        lastSeen: async () => (await seen()).last,
        firstSeen: async () => (await seen()).first,
      }
    },
    queryMany(ids) {
      if (!Array.isArray(ids)) throw invalidArgument('ids', 'a list of ids', ids)
      return rangesOf(groups(ids), rangeQuery)
    },
    queryRatio: (numerator, denominator) =>
      rangesOf(groups([numerator], [denominator]), async (buckets) => {
        const [over, under] = (await buckets()).map((own) => own && sum(own))
        return over == null || !under ? null : over / under
      }),
    queryDelta: (positive, negative) =>
      rangesOf(groups([positive], [negative]), (buckets) => {
        const difference = async (of: (buckets: number[]) => number): Promise<number> => {
          const [plus, minus] = (await buckets()).map((own) => of(own ?? []))
          return plus! - minus!
        }
        return { sum: () => difference(sum), average: () => difference(average) }
      }),
    ids: () => ask('ids'),
    memoryUsage: () => ask('memoryUsage'),
    async export({ ids, dirtyOnly = false } = {}) {
      if (ids !== undefined && !Array.isArray(ids)) throw invalidArgument('ids', 'a list of ids', ids)
      for (const id of ids ?? []) assertId(id)
      ofType('dirtyOnly', dirtyOnly, 'boolean')
      return ask('exported', ids ?? null, dirtyOnly)
    },
  }
}

function rangesOf<T>(
  ask: AskBuckets,
  answer: (buckets: () => Promise<(number[] | null)[]>) => T,
): { [K in keyof Ranges]: (...range: Parameters<Ranges[K]>) => T } {
  const within = (range: Range): T => answer(() => ask(range))
  const last =
    (unit: Unit) =>
    (n: number): T => {
      assertWhole('n', n, 0)
      return within({ unit, start: 0, end: n })
    }
  return {
    lastSeconds: last('second'),
    lastMinutes: last('minute'),
    lastHours: last('hour'),
    lastDays: last('day'),
    lastWeeks: last('week'),
    lastMonths: last('month'),
    lastYears: last('year'),
    ever: () => within({ unit: null, start: 0, end: 1 }),
    range(unit, start, end) {
      assertUnit(unit)
      assertWhole('start', start, 0)
      assertWhole('end', end, 0)
      return within({ unit, start, end })
    },
  }
}

function rangeQuery(buckets: () => Promise<(number[] | null)[]>): RangeQuery {
  const terminal =
    <T>(of: (buckets: number[]) => T) =>
    async (): Promise<T | null> => {
      const [own] = await buckets()
      return own ? of(own) : null
    }
  return {
    sum: terminal(sum),
    average: terminal(average),
    averageNonzero: terminal((own) => {
      const nonzero = own.filter((count) => count !== 0)
      return nonzero.length === 0 ? null : average(nonzero)
    }),
    countNonzero: terminal((own) => own.filter((count) => count !== 0).length),
    buckets: terminal((own) => own),
  }
}

// Counters saturate: so do their sums.
function sum(buckets: readonly number[]): number {
  return buckets.reduce((total, count) => Math.min(Number.MAX_SAFE_INTEGER, total + count), 0)
}

function average(buckets: readonly number[]): number {
  return buckets.length === 0 ? 0 : sum(buckets) / buckets.length
}
