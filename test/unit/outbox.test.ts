/** What leaves a tab, when, and in which order. */
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Outbox } from '../../src/client/outbox.js'
import { DATA_COUNTS } from '../../src/codec/counts.js'
import { nextSeq } from '../../src/client/this-tab.js'
import type { EventColumns } from '../../src/codec/columns.js'
import type { StoreOptions } from '../../src/core/options.js'
import type { Submission } from '../../src/protocol/writer-api.js'

const page = { visibilityState: 'visible' }

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('document', page)
  page.visibilityState = 'visible'
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** The tab, and what became of what was recorded in it. */
class Tab {
  readonly sent: number[][] = []
  readonly journaled: number[][] = []
  readonly confirmed: number[][] = []
  readonly faults: string[] = []
  /** Where rows of counts were in what was sent, from its end. */
  readonly countsAt: number[] = []
  readonly outbox: Outbox

  constructor(options: StoreOptions = {}, outcome: () => Promise<unknown> = () => Promise.resolve(null)) {
    // A name of its own: numbers go on by the store's name, above those of the page's earlier life.
    const name = `outbox-${Math.random()}`
    const first = nextSeq(name) + 1
    const seqsOf = ({ producerSeq }: EventColumns): number[] => Array.from(producerSeq, (seq) => seq - first)
    const send = (_method: string, { columns }: Submission): Promise<unknown> => {
      this.sent.push(seqsOf(columns))
      this.countsAt.push(...countsIn(columns).map((at) => at - columns.count))
      return outcome()
    }
    const journal = {
      write: (columns: EventColumns) => void this.journaled.push(seqsOf(columns)),
      confirm: (columns: EventColumns) => void this.confirmed.push(seqsOf(columns)),
      forget: async () => {},
    }
    // One method of it is asked here, with one shape of arguments.
    const connection = { send } as unknown as ConstructorParameters<typeof Outbox>[1]
    this.outbox = new Outbox(
      name,
      connection,
      ({ code }) => this.faults.push(code),
      () => {},
      journal,
    )
    this.outbox.configure(options)
  }

  record(journaled = true): void {
    this.outbox.record(row, 'relaxed', journaled)
  }

  count(journaled = true): void {
    this.outbox.recordCount('views', 0, 1, 'relaxed', journaled)
  }

  append(): void {
    void this.outbox.append('cart', [row], null, 'relaxed')
  }
}

const row = { topic: 'cart', type: 'added', data: { n: 1 }, time: 0, weight: 1, id: undefined, meta: undefined }
const countsIn = ({ kind }: EventColumns): number[] =>
  Array.from(kind ?? []).flatMap((own, at) => (own === DATA_COUNTS ? [at] : []))
const endOfTask = (): Promise<void> => vi.advanceTimersByTimeAsync(0) as unknown as Promise<void>

test('what is recorded task by task is journaled as each ends, and shares a message', async () => {
  const tab = new Tab()
  tab.record()
  tab.record()
  await endOfTask()
  tab.record()
  await endOfTask()
  expect(tab.journaled).toEqual([[0, 1], [2]])
  expect(tab.sent).toEqual([])
  await vi.advanceTimersByTimeAsync(5)
  expect(tab.sent).toEqual([[0, 1, 2]])
  expect(tab.confirmed).toEqual(tab.journaled)
})

test('it waits for half of the batch timeout at most, and for 5 ms', async () => {
  for (const [batchTimeoutMs, heldMs] of [
    [4, 2],
    [1_000, 5],
  ] as const) {
    const tab = new Tab({ batchTimeoutMs })
    tab.record()
    await vi.advanceTimersByTimeAsync(heldMs - 1)
    expect(tab.sent).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(tab.sent).toEqual([[0]])
  }
})

test('what is asked of the store goes after what was recorded, which waits no longer', async () => {
  const tab = new Tab()
  tab.record()
  await endOfTask()
  tab.append()
  expect(tab.sent).toEqual([[0], [1]])
  await vi.advanceTimersByTimeAsync(5)
  expect(tab.sent).toHaveLength(2)
})

test.each([
  ['in a page that nobody sees', {}, () => (page.visibilityState = 'hidden')],
  ['where there is no page', {}, () => vi.stubGlobal('document', undefined)],
  ['in a page that goes', {}, (tab: Tab) => tab.outbox.leave()],
  ['without a batch timeout', { batchTimeoutMs: 0 }, () => {}],
  ['with a batch size of one', { batchSize: 1 }, () => {}],
])('%s nothing waits for company', async (_where, options, prepare) => {
  const tab = new Tab(options)
  prepare(tab)
  tab.record()
  await endOfTask()
  expect(tab.sent).toEqual([[0]])
})

test('a page that goes sends on what waits, and one that comes back lets it wait again', async () => {
  const tab = new Tab()
  tab.record()
  await endOfTask()
  tab.outbox.leave()
  expect(tab.sent).toEqual([[0]])
  tab.outbox.stay()
  tab.record()
  await endOfTask()
  expect(tab.sent).toHaveLength(1)
})

test('a hundred events are worth a message of their own', async () => {
  const tab = new Tab()
  for (let n = 0; n < 100; n++) tab.record()
  await endOfTask()
  expect(tab.sent.map((seqs) => seqs.length)).toEqual([100])
})

test('of a burst that is refused each event is counted as dropped, once', async () => {
  const tab = new Tab({}, () => Promise.reject(new Error('no')))
  tab.record()
  await endOfTask()
  tab.record()
  await vi.advanceTimersByTimeAsync(5)
  expect(tab.outbox.takeTally()?.dropped).toBe(2)
  expect(tab.faults).toHaveLength(1)
})

test('what is counted is the last of a message, and journaled as its task ends', async () => {
  const tab = new Tab()
  tab.record()
  tab.count()
  tab.record()
  await endOfTask()
  expect(tab.journaled).toEqual([[0, 1, 2]])
  expect(tab.sent).toEqual([[0, 1, 2]])
  expect(tab.countsAt).toEqual([-1])
})

test('what is counted task by task without a journal is one row', async () => {
  const tab = new Tab()
  for (let n = 0; n < 3; n++) {
    tab.count(false)
    tab.record(false)
    await endOfTask()
  }
  await vi.advanceTimersByTimeAsync(5)
  expect(tab.sent).toEqual([[0, 1, 2, 3]])
  expect(tab.countsAt).toEqual([-1])
})

test('however tasks, appends and timers fall, all is sent on once and in order, and journaled what is to be', async () => {
  const step = fc.constantFrom(
    'record',
    'record unjournaled',
    'count',
    'count unjournaled',
    'append',
    'end of task',
    'wait',
    'seal',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const tab = new Tab()
      let rows = 0
      for (const next of steps) {
        if (next === 'record' || next === 'record unjournaled') tab.record(next === 'record')
        if (next === 'count' || next === 'count unjournaled') tab.count(next === 'count')
        if (next === 'append') tab.append()
        if (next.startsWith('record') || next === 'append') rows++
        if (next === 'end of task') await endOfTask()
        if (next === 'wait') await vi.advanceTimersByTimeAsync(3)
        if (next === 'seal') tab.outbox.seal()
      }
      await vi.advanceTimersByTimeAsync(5)
      const sent = tab.sent.flat()
      expect(sent).toEqual(sent.map((_, n) => n))
      expect(sent.length - tab.countsAt.length).toBe(rows)
      expect(tab.countsAt.every((at) => at === -1)).toBe(true)
      expect(tab.confirmed).toEqual(tab.journaled)
      expect(tab.journaled.flat()).toEqual(tab.journaled.flat().toSorted((a, b) => a - b))
    }),
  )
})
