import { ColumnBuilder, type Row } from '../codec/column-builder.js'
import type { Count } from '../codec/counts.js'
import { fault, faultOf, storeError, type Fault } from '../core/fault.js'
import type { Receipt } from '../core/event.js'
import type { StoreOptions } from '../core/options.js'
import type { ReadRequest, Submission, Tally } from '../protocol/writer-api.js'
import { concatColumns, type EventColumns } from '../codec/columns.js'
import type { CounterCommand, LimitStep } from '../protocol/counters.js'
import { DEFAULT_BATCH_TIMEOUT_MS, heldInTabMs } from '../protocol/hold.js'
import { Burst } from './burst.js'
import type { TabJournal } from './tab-journal.js'
import type { Connection } from './connection.js'
import { nextSeq, producerId } from './this-tab.js'

/** A burst is sent on when it has grown to this, before its task ends. */
const BURST_EVENTS = 5_000
const BURST_BYTES = 512 * 1024

type Sender = Pick<Connection, 'send'>
type KeptJournal = Pick<TabJournal, 'write' | 'confirm' | 'forget'>

/** No more events than this wait for company. */
const MOST_HELD = 100

/**
 * What this tab recorded, on its way to the writer, in order. It is journaled at the end of the task that recorded it,
 * and sent on with what the next tasks record within a few milliseconds; whatever is asked of the store, an append as
 * well, sends it on first.
 */
export class Outbox {
  #maxBytes = 64 * 1024 * 1024
  #holdMs = heldInTabMs(DEFAULT_BATCH_TIMEOUT_MS)
  #worthAMessage = MOST_HELD
  readonly #store: string
  readonly #connection: Sender
  readonly #onFault: (fault: Fault) => void
  readonly #onCommitted: () => void
  readonly #journal: KeptJournal | null
  readonly #underWay = new Set<Promise<unknown>>()
  #burst: Burst | null = null
  /** The end of the task is waited for. */
  #taskEnds = false
  #timer: ReturnType<typeof setTimeout> | null = null
  #leaving = false
  #bytesUnderWay = 0
  #tally: Tally | null = null

  constructor(
    store: string,
    connection: Sender,
    onFault: (fault: Fault) => void,
    onCommitted: () => void,
    journal: KeptJournal | null,
  ) {
    this.#store = store
    this.#connection = connection
    this.#onFault = onFault
    this.#onCommitted = onCommitted
    this.#journal = journal
  }

  /** What the latest handle asked for. */
  configure({ maxQueueBytes, batchSize, batchTimeoutMs }: StoreOptions): void {
    if (maxQueueBytes !== undefined) this.#maxBytes = maxQueueBytes
    if (batchSize !== undefined) this.#worthAMessage = Math.min(MOST_HELD, batchSize)
    if (batchTimeoutMs !== undefined) this.#holdMs = heldInTabMs(batchTimeoutMs)
  }

  record(row: Row, durability: 'relaxed' | 'strict', journaled: boolean): void {
    if (this.#queuedBytes >= this.#maxBytes) return this.#drop()
    const burst = this.#burstFor(durability, journaled)
    burst.record(row)
    this.#added(burst)
  }

  /** Counts travel with the burst they fall into. */
  recordCount(id: string, time: number, count: number, durability: 'relaxed' | 'strict', journaled: boolean): void {
    if (this.#queuedBytes >= this.#maxBytes) return this.#drop()
    const burst = this.#burstFor(durability, journaled)
    burst.recordCount(id, time, count)
    this.#added(burst)
  }

  /** Whether all that was recorded is sent on. */
  get isEmpty(): boolean {
    return this.#burst === null
  }

  #burstFor(durability: 'relaxed' | 'strict', journaled: boolean): Burst {
    const burst = this.#burst
    if (burst?.durability === durability && burst.journaled === journaled) return burst
    this.seal()
    return new Burst(durability, journaled, () => nextSeq(this.#store))
  }

  #added(burst: Burst): void {
    this.#burst = burst
    if (burst.events >= BURST_EVENTS || burst.bytes >= BURST_BYTES) return this.seal()
    if (this.#taskEnds) return
    this.#taskEnds = true
    queueMicrotask(() => {
      this.#taskEnds = false
      if (this.#burst !== null) this.#endTask(this.#burst)
    })
  }

  // In a page that nobody sees, timers come late.
  #endTask(burst: Burst): void {
    const isLate = this.#leaving || this.#holdMs === 0 || !isSeen()
    if (isLate || burst.isFull || burst.events >= this.#worthAMessage) return this.seal()
    if (burst.journaled) this.#close(burst)
    this.#timer ??= setTimeout(() => this.seal(), this.#holdMs)
  }

  #close(burst: Burst): void {
    const columns = burst.close()
    if (columns !== null && burst.journaled) this.#journal?.write(columns)
  }

  /** The page goes, perhaps for good: nothing waits any more. */
  leave(): void {
    this.#leaving = true
    this.seal()
  }

  /** The page is back. */
  stay(): void {
    this.#leaving = false
  }

  append(
    topic: string,
    rows: readonly Row[],
    expect: number | null,
    durability: 'relaxed' | 'strict',
  ): Promise<Receipt> {
    if (this.#queuedBytes >= this.#maxBytes) {
      throw storeError(
        'queue-full',
        `${this.#queuedBytes} bytes wait to be committed, more than maxQueueBytes: wait for earlier appends, then try again.`,
      )
    }
    // First: what was counted takes its number when it is sent on.
    this.seal()
    const builder = new ColumnBuilder(producerId())
    builder.addAll(rows, () => nextSeq(this.#store))
    const how = { append: { topic, expect }, limit: null, durability }
    return this.#submit(builder.build(), builder.bytes, how) as Promise<Receipt>
  }

  /** Asks the limits, after what was recorded so far; what it counts is stored if they allow it. */
  async takeLimited(limit: LimitStep, counts: readonly Count[], durability: 'relaxed' | 'strict'): Promise<void> {
    this.seal()
    const builder = new ColumnBuilder(producerId())
    if (counts.length > 0) builder.addCounts(counts, nextSeq(this.#store))
    await this.#submit(builder.build(), builder.bytes, { append: null, limit, durability })
  }

  /** Done after what was recorded so far. */
  command(name: CounterCommand, args: unknown[]): Promise<unknown> {
    this.seal()
    return this.#connection.send('counterDo', name, args, nextSeq(this.#store))
  }

  /** Empties one topic, or all, of what was recorded so far and of what is committed by then. */
  clear(topic: string | null): Promise<void> {
    this.seal()
    return this.#connection.send('clear', topic, nextSeq(this.#store))
  }

  /** Returns how many events were erased. */
  async erase(request: ReadRequest): Promise<number> {
    this.seal()
    const erased = await this.#connection.send('erase', request, nextSeq(this.#store))
    await this.#journal?.forget()
    return erased
  }

  /** Sends on what was recorded so far. */
  seal(): void {
    const burst = this.#burst
    if (burst === null) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#burst = null
    this.#close(burst)
    const { closed, durability, bytes, events } = burst
    const journal = burst.journaled ? this.#journal : null
    const answer = this.#submit(concatColumns(closed), bytes, { append: null, limit: null, durability })
    answer.then(
      () => {
        for (const columns of closed) journal?.confirm(columns)
      },
      (error: unknown) => {
        const fault = faultOf(error)
        // Closed in between: whoever opens the store next finds it in the journal.
        if (journal && fault.code === 'outcome-unknown') return
        this.count('dropped', events)
        this.#onFault(fault)
      },
    )
  }

  /** Resolves when all that was sent on by now is answered, well or not. */
  async settled(): Promise<void> {
    this.seal()
    await Promise.allSettled(this.#underWay)
  }

  count(what: keyof Tally, events = 1): void {
    this.#tally ??= { dropped: 0, withheld: 0, sampled: 0 }
    this.#tally[what] += events
  }

  takeTally(): Tally | null {
    const tally = this.#tally
    this.#tally = null
    return tally
  }

  get #queuedBytes(): number {
    return this.#bytesUnderWay + (this.#burst?.bytes ?? 0)
  }

  #submit(
    columns: EventColumns,
    bytes: number,
    how: Pick<Submission, 'append' | 'limit' | 'durability'>,
  ): Promise<Receipt | null> {
    this.#bytesUnderWay += bytes
    const answer = this.#connection.send('submit', { columns, ...how, tally: this.takeTally() })
    this.#underWay.add(answer)
    const done = (): void => {
      this.#bytesUnderWay -= bytes
      this.#underWay.delete(answer)
    }
    answer.then(() => {
      done()
      this.#onCommitted()
    }, done)
    return answer
  }

  #drop(): void {
    this.count('dropped')
    this.#onFault(
      fault(
        'queue-full',
        `An event was dropped: ${this.#queuedBytes} bytes wait to be committed, more than maxQueueBytes. Record less, or raise it.`,
      ),
    )
  }
}

function isSeen(): boolean {
  return typeof document !== 'undefined' && document.visibilityState === 'visible'
}
