import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ColumnBuilder } from '../../src/codec/column-builder.js'
import { openSegment } from '../../src/codec/decode.js'
import { faultOf, storeError } from '../../src/core/fault.js'
import type { Submitted } from '../../src/log/submitted.js'
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
  producer: 'p' | 'q'
  ids: (string | null)[]
  append: boolean
  /** The whole batch is submitted twice, as after the loss of a writer. */
  twice: boolean
  pause: boolean
}

/** What one write transaction comes to: it is committed, aborted after its work was done, or cannot begin. */
type Fate = 'commits' | 'aborts' | 'is refused'

interface Outcome {
  producer: string
  seqs: number[]
  ids: (string | null)[]
  code: string | null
}

test('of each tab, events are committed in its order and once, whatever fails', async () => {
  const step: fc.Arbitrary<Step> = fc.record({
    producer: fc.constantFrom('p', 'q'),
    ids: fc.array(fc.option(fc.constantFrom('a', 'b', 'c')), { minLength: 1, maxLength: 3 }),
    append: fc.boolean(),
    twice: fc.nat(5).map((n) => n === 0),
    pause: fc.nat(3).map((n) => n === 0),
  })
  const steps = fc.array(step, { minLength: 1, maxLength: 12, size: 'max' })
  const fates = fc.array(fc.constantFrom<Fate>('commits', 'aborts', 'aborts', 'is refused'), { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(steps, fates, async (...given) => {
      expect(await wrongsOf(...given)).toEqual([])
    }),
    { numRuns: 400 },
  )
})

test('an append whose ids stand only before it in a transaction that fails waits for what its tab recorded first', async () => {
  // Two transactions are under way: what is submitted then gathers for the third.
  const busy: Step = { producer: 'q', ids: [null], append: true, twice: false, pause: false }
  const original: Step = { producer: 'q', ids: ['a'], append: true, twice: false, pause: false }
  const recorded: Step = { producer: 'p', ids: [null, null], append: false, twice: false, pause: false }
  const again: Step = { producer: 'p', ids: ['a'], append: true, twice: false, pause: false }
  expect(await wrongsOf([busy, busy, original, recorded, again], ['commits', 'commits', 'aborts'])).toEqual([])
})

async function wrongsOf(steps: readonly Step[], fates: readonly Fate[]): Promise<string[]> {
  const database = createMemoryDatabase()
  const flusher = new Flusher(new Log(failing(database, [...fates])), new WriterMetrics(), new Settings(), {
    commit: () => {},
    fault: () => {},
    full: () => Promise.resolve(false),
  })
  const outcomes = await submitAll(flusher, steps)
  flusher.close()

  const rows = await rowsOf(new Log(database))
  const isThere = (producer: string, seq: number, id: string | null | undefined): boolean =>
    rows.some((row) => (row.producer === producer && row.seq === seq) || (id != null && row.id === id))
  const twice = rows.filter((row, at) => row.id !== null && rows.findIndex(({ id }) => id === row.id) < at)
  const behind = rows.filter(({ producer, seq }, at) =>
    rows.slice(0, at).some((before) => before.producer === producer && before.seq >= seq),
  )
  const lost = outcomes.flatMap(({ producer, seqs, ids, code }) =>
    code === null ? seqs.filter((seq, n) => !isThere(producer, seq, ids[n])).map((seq) => ({ producer, seq })) : [],
  )
  return Object.entries({ twice, behind, lost }).flatMap(([what, found]) =>
    found.map(({ producer, seq }) => `${producer} ${seq} is ${what}`),
  )
}

async function submitAll(flusher: Flusher, steps: readonly Step[]): Promise<Outcome[]> {
  const next = { p: 0, q: 0 }
  const answers: Promise<Outcome>[] = []
  for (const { producer, ids, append, twice, pause } of steps) {
    const builder = new ColumnBuilder(producer)
    for (const id of ids) {
      const row = { topic: 't', type: 'x', data: 0, time: 1, weight: 1, meta: undefined, id: id ?? undefined }
      builder.add(row, () => next[producer]++)
    }
    const columns = builder.build()
    const batch: Submitted = { columns, session: 's', append: append ? { topic: 't', expect: null } : null }
    for (let n = 0; n < (twice ? 2 : 1); n++) {
      const outcome = { producer, seqs: [...columns.producerSeq], ids }
      answers.push(
        flusher.submit(batch, 'relaxed').then(
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
      const failure = storeError('storage-unavailable', `It ${fate}.`)
      if (fate === 'is refused') return Promise.reject(failure)
      return database.write(stores, durability, async (tx) => {
        const result = await body(tx)
        if (fate === 'aborts') throw failure
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
