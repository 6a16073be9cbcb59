import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ColumnBuilder } from '../../src/codec/column-builder.js'
import { openSegment } from '../../src/codec/decode.js'
import { deferred } from '../../src/core/deferred.js'
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
  /** It is submitted twice. */
  twice: boolean
  /** The writer has fallen silent: the tab asks the other one, from now on and whatever was not answered. */
  moves: boolean
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

// Whose duplicate is dropped and then cleared, while another writer still has a copy, is nobody's to say: no ids there.
describe.each([
  ['one writer', { moves: false, ids: true, clears: true }],
  ['two writers, of which one falls silent,', { moves: true, ids: true, clears: false }],
  ['two writers, of which one falls silent, and clears', { moves: true, ids: false, clears: true }],
])('with %s', (_name, { moves, ids, clears }) => {
  const step: fc.Arbitrary<Step> = fc.record({
    do: fc.constantFrom('record', 'record', 'record', 'append', 'append', 'append', clears ? 'clear' : 'record'),
    producer: fc.constantFrom('p', 'q'),
    ids: fc.array(ids ? fc.option(fc.constantFrom('a', 'b', 'c')) : fc.constant(null), { minLength: 1, maxLength: 3 }),
    twice: fc.nat(5).map((n) => n === 0),
    moves: fc.nat(5).map((n) => moves && n === 0),
    pause: fc.nat(3).map((n) => n === 0),
  })
  const steps = fc.array(step, { minLength: 1, maxLength: 12, size: 'max' })
  const fate = fc.constantFrom<Fate>('commits', 'commits', 'aborts', 'aborts', 'is refused', 'is full')
  const fates = fc.array(fate, { maxLength: 12, size: 'max' })

  test("each tab's events are committed in its order and once, whatever fails", async () => {
    await fc.assert(
      fc.asyncProperty(steps, fates, async (...given) => {
        expect(await wrongsOf(...given)).toEqual([])
      }),
      { numRuns: 200 },
    )
  })
})

describe('when the transaction fails in which an append stands beside what is there already', () => {
  const common = { twice: false, moves: false, pause: false }
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
  const storage = failing(database, [...fates])
  const writers = [new TestWriter(storage), new TestWriter(storage)]
  const outcomes = await takeAll(steps, writers)
  for (const { flusher } of writers) flusher.close()

  const rows = await rowsOf(new Log(database))
  const isThere = (producer: string, seq: number, id: string | null | undefined): boolean =>
    rows.some((row) => (row.producer === producer && row.seq === seq) || (id != null && row.id === id))
  const isOneWriter = !steps.some(({ moves }) => moves)
  // What another tab asks of another writer may be done later.
  const mayBeCleared = (step: number, producer: string): boolean =>
    steps.some((by, at) => by.do === 'clear' && (at > step || (!isOneWriter && by.producer !== producer)))
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
    const isKept = !mayBeCleared(step, producer)
    const { do: what } = steps[step]!
    const places = seqs.map((seq, n) => ({ producer, seq, id: ids[n] }))
    const absent = places.filter(({ seq, id }) => !isThere(producer, seq, id))
    if (code === null && isKept) wrong('lost', absent)
    // A writer that is silent may have stored what comes later.
    if (code === 'outcome-unknown' && isKept && isOneWriter) wrong('said to be in doubt', absent)
    if (what !== 'clear' || code !== null) continue
    const before = outcomes.filter((other) => other.step < step && (isOneWriter || other.producer === producer))
    const left = before.flatMap(({ producer, seqs }) =>
      seqs.filter((seq) => isThere(producer, seq, null)).map((seq) => ({ producer, seq })),
    )
    wrong('left by a clear', left)
  }
  return wrongs
}

async function takeAll(steps: readonly Step[], writers: readonly TestWriter[]): Promise<Outcome[]> {
  const tabs = { p: new AskingTab('p', writers), q: new AskingTab('q', writers) }
  const outcomes: Promise<Outcome>[] = []
  for (const [at, step] of steps.entries()) {
    const tab = tabs[step.producer]
    for (const { seqs, answer } of tab.take(step)) {
      const outcome = { step: at, producer: step.producer, seqs, ids: step.ids }
      outcomes.push(
        answer.then(
          () => ({ ...outcome, code: null }),
          (error: unknown) => ({ ...outcome, code: faultOf(error).code }),
        ),
      )
    }
    if (step.moves) tab.move()
    if (step.pause) await vi.advanceTimersByTimeAsync(1)
  }
  const flushed = writers.map(({ flusher }) => flusher.flush().catch(() => {}))
  await vi.runAllTimersAsync()
  await Promise.all(flushed)
  return Promise.all(outcomes)
}

class TestWriter {
  readonly log: Log
  readonly flusher: Flusher

  constructor(database: LogDatabase) {
    this.log = new Log(database)
    this.flusher = new Flusher(this.log, new WriterMetrics(), new Settings(), {
      commit: () => {},
      fault: () => {},
      full: () => Promise.resolve(false),
    })
  }
}

/** What a tab asks, of whom it asks, and what was not answered by the one it asked last. */
class AskingTab {
  readonly #producer: string
  readonly #writers: readonly TestWriter[]
  readonly #unanswered: ((writer: TestWriter) => void)[] = []
  #moves = 0
  #next = 0

  constructor(producer: string, writers: readonly TestWriter[]) {
    this.#producer = producer
    this.#writers = writers
  }

  take({ do: what, ids, twice }: Step): { seqs: number[]; answer: Promise<unknown> }[] {
    const session = 's'
    const builder = new ColumnBuilder(this.#producer)
    for (const id of what === 'clear' ? [] : ids) {
      const row = { topic: 't', type: 'x', data: 0, time: 1, weight: 1, meta: undefined, id: id ?? undefined }
      builder.add(row, () => this.#next++)
    }
    const columns = builder.build()
    const append = what === 'append' ? { topic: 't', expect: null } : null
    const command = { producer: this.#producer, session, seq: what === 'clear' ? this.#next++ : -1 }
    const ask = ({ flusher, log }: TestWriter): Promise<unknown> =>
      what === 'clear'
        ? flusher.inTurn((isEarly) => log.clear('t', { ...command, isEarly }), { frees: true })
        : flusher.submit({ columns, session, append }, 'relaxed')
    return Array.from({ length: twice ? 2 : 1 }, () => ({ seqs: [...columns.producerSeq], answer: this.#ask(ask) }))
  }

  move(): void {
    this.#moves++
    for (const again of this.#unanswered) again(this.#writer)
  }

  get #writer(): TestWriter {
    return this.#writers[this.#moves % this.#writers.length]!
  }

  #ask(ask: (writer: TestWriter) => Promise<unknown>): Promise<unknown> {
    const { promise, resolve, reject } = deferred<unknown>()
    const send = (writer: TestWriter): void => {
      const moves = this.#moves
      const settled = (settle: () => void) => (): void => {
        if (moves !== this.#moves) return
        this.#unanswered.splice(this.#unanswered.indexOf(send), 1)
        settle()
      }
      ask(writer).then(
        settled(() => resolve(null)),
        (error: unknown) => settled(() => reject(error))(),
      )
    }
    this.#unanswered.push(send)
    send(this.#writer)
    return promise
  }
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
