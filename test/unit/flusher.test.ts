import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ColumnBuilder } from '../../src/codec/column-builder.js'
import { openSegment } from '../../src/codec/decode.js'
import { faultOf, storeError } from '../../src/core/fault.js'
import type { LogDatabase } from '../../src/log/database.js'
import { Log } from '../../src/log/log.js'
import { createMemoryDatabase } from '../../src/log/memory-database.js'
import { requestFor } from '../../src/protocol/writer-api.js'
import { Flusher } from '../../src/writer/flusher.js'
import { WriterMetrics } from '../../src/writer/metrics.js'
import { Settings } from '../../src/writer/settings.js'

// Storage that fails, and batches of which some are there already: whatever is tried again, nothing overtakes.

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

interface Step {
  do: 'record' | 'append' | 'clear'
  producer: 'p' | 'q'
  ids: (string | null)[]
  /** It is submitted twice, as after the loss of a writer. */
  twice: boolean
  pause: boolean
}

/** What one write transaction comes to: it is committed, aborted after its work was done, or cannot begin. */
type Fate = 'commits' | 'aborts' | 'is refused' | 'is full'

interface Outcome {
  step: number
  producer: string
  seqs: number[]
  ids: (string | null)[]
  code: string | null
}

test('of each tab, events are committed in its order and once, whatever fails', async () => {
  const step: fc.Arbitrary<Step> = fc.record({
    do: fc.constantFrom('record', 'record', 'record', 'append', 'append', 'append', 'clear'),
    producer: fc.constantFrom('p', 'q'),
    ids: fc.array(fc.option(fc.constantFrom('a', 'b', 'c')), { minLength: 1, maxLength: 3 }),
    twice: fc.nat(5).map((n) => n === 0),
    pause: fc.nat(3).map((n) => n === 0),
  })
  const steps = fc.array(step, { minLength: 1, maxLength: 12, size: 'max' })
  const fate = fc.constantFrom<Fate>('commits', 'commits', 'aborts', 'aborts', 'is refused', 'is full')
  const fates = fc.array(fate, { maxLength: 12, size: 'max' })
  await fc.assert(
    fc.asyncProperty(steps, fates, async (...given) => {
      expect(await wrongsOf(...given)).toEqual([])
    }),
    { numRuns: 400 },
  )
})

describe('when the transaction fails in which an append stands beside what is there already', () => {
  const common = { twice: false, pause: false }
  // Two transactions are under way: what is submitted then gathers for the third.
  const first: Step = { do: 'append', producer: 'q', ids: ['a'], ...common }
  const second: Step = { do: 'append', producer: 'q', ids: [null], ...common }
  const fates: Fate[] = ['commits', 'commits', 'aborts']

  test('it is not late because that was answered first', async () => {
    const append: Step = { do: 'append', producer: 'p', ids: [null], ...common }
    const known: Step = { do: 'record', producer: 'p', ids: ['a'], ...common }
    expect(await wrongsOf([first, second, append, known], fates)).toEqual([])
  })

  test('what only stood before it in there is not there: it waits for what its tab recorded first', async () => {
    const original: Step = { do: 'append', producer: 'q', ids: ['b'], ...common }
    const recorded: Step = { do: 'record', producer: 'p', ids: [null, null], ...common }
    const again: Step = { do: 'append', producer: 'p', ids: ['b'], ...common }
    expect(await wrongsOf([first, second, original, recorded, again], fates)).toEqual([])
  })
})

async function wrongsOf(steps: readonly Step[], fates: readonly Fate[]): Promise<string[]> {
  const database = createMemoryDatabase()
  const log = new Log(failing(database, [...fates]))
  const flusher = new Flusher(log, new WriterMetrics(), new Settings(), {
    commit: () => {},
    fault: () => {},
    full: () => Promise.resolve(false),
  })
  const outcomes = await submitAll(flusher, log, steps)
  flusher.close()

  const rows = await rowsOf(new Log(database))
  const isThere = (producer: string, seq: number, id: string | null | undefined): boolean =>
    rows.some((row) => (row.producer === producer && row.seq === seq) || (id != null && row.id === id))
  const cleared = Math.max(-1, ...steps.flatMap((step, at) => (step.do === 'clear' ? [at] : [])))
  const surelyCleared = Math.max(
    -1,
    ...outcomes.flatMap(({ step, code }) => (steps[step]!.do === 'clear' && code === null ? [step] : [])),
  )
  const wrongs: string[] = []
  const wrong = (what: string, places: readonly { producer: string; seq: number }[]): void => {
    for (const { producer, seq } of places) wrongs.push(`${producer} ${seq} is ${what}`)
  }
  const twice = rows.filter((row, at) => row.id !== null && rows.findIndex(({ id }) => id === row.id) < at)
  const behind = rows.filter(({ producer, seq }, at) =>
    rows.slice(0, at).some((before) => before.producer === producer && before.seq >= seq),
  )
  wrong('there twice', twice)
  wrong('behind a later one', behind)
  for (const { step, producer, seqs, ids, code } of outcomes) {
    if (steps[step]!.do === 'clear') continue
    const places = seqs.map((seq, n) => ({ producer, seq, id: ids[n] }))
    const absent = places.filter(({ seq, id }) => !isThere(producer, seq, id))
    if (code === null && step > cleared) wrong('lost', absent)
    if (code === 'outcome-unknown' && step > cleared) wrong('said to be in doubt', absent)
    const left = places.filter(({ seq }) => isThere(producer, seq, null))
    if (step < surelyCleared) wrong('left by a clear', left)
  }
  return wrongs
}

async function submitAll(flusher: Flusher, log: Log, steps: readonly Step[]): Promise<Outcome[]> {
  const next = { p: 0, q: 0 }
  const answers: Promise<Outcome>[] = []
  for (const [at, { do: kind, producer, ids, twice, pause }] of steps.entries()) {
    const builder = new ColumnBuilder(producer)
    for (const id of ids) {
      const row = { topic: 't', type: 'x', data: 0, time: 1, weight: 1, meta: undefined, id: id ?? undefined }
      if (kind !== 'clear') builder.add(row, () => next[producer]++)
    }
    const columns = builder.build()
    const append = kind === 'append' ? { topic: 't', expect: null } : null
    const command = { producer, session: 's', seq: kind === 'clear' ? next[producer]++ : -1 }
    for (let n = 0; n < (twice ? 2 : 1); n++) {
      const answer: Promise<unknown> =
        kind === 'clear'
          ? flusher.inTurn((isEarly) => log.clear('t', isEarly ? null : command), { frees: true })
          : flusher.submit({ columns, session: 's', append }, 'relaxed')
      const outcome = { step: at, producer, seqs: [...columns.producerSeq], ids }
      answers.push(
        answer.then(
          () => ({ ...outcome, code: null }),
          (error: unknown) => ({ ...outcome, code: faultOf(error).code }),
        ),
      )
    }
    if (pause) await vi.advanceTimersByTimeAsync(1)
  }
  const flushed = flusher.flush().catch(() => {})
  await vi.runAllTimersAsync()
  await flushed
  return Promise.all(answers)
}

function failing(database: LogDatabase, fates: Fate[]): LogDatabase {
  return {
    ...database,
    write: (stores, durability, body) => {
      const fate = fates.shift() ?? 'commits'
      const failure = storeError(fate === 'is full' ? 'quota-exceeded' : 'storage-unavailable', `It ${fate}.`)
      if (fate === 'is refused') return Promise.reject(failure)
      return database.write(stores, durability, async (tx) => {
        const result = await body(tx)
        if (fate !== 'commits') throw failure
        return result
      })
    },
  }
}

interface Row {
  producer: string
  seq: number
  id: string | null
}

async function rowsOf(log: Log): Promise<Row[]> {
  const { slices, next } = await log.readPage(requestFor({ limit: 10_000 }))
  expect(next).toBeNull()
  return slices.flatMap((slice) => {
    const { producers, producer, producerSeq, ids, count } = openSegment(slice).columns
    const rows = slice.rows ?? Array.from({ length: count }, (_, row) => row)
    return Array.from(rows, (row) => ({
      producer: producers[producer ? producer[row]! : 0]!,
      seq: producerSeq[row]!,
      id: ids?.[row] ?? null,
    }))
  })
}
