import { ColumnBuilder, type Row } from '../codec/column-builder.js'
import type { Count } from '../codec/counts.js'
import { fault, faultOf, storeError, type Fault } from '../core/fault.js'
import type { Receipt } from '../core/event.js'
import type { ReadRequest, Submission, Tally } from '../protocol/writer-api.js'
import type { EventColumns } from '../codec/columns.js'
import type { CounterCommand, LimitStep } from '../protocol/counters.js'
import { CountBurst } from './count-burst.js'
import type { TabJournal } from './tab-journal.js'
import type { Connection } from './connection.js'
import { nextSeq, producerId } from './this-tab.js'

/** A burst is sent on when it has grown to this, before its microtask comes. */
const BURST_EVENTS = 5_000
const BURST_BYTES = 512 * 1024

/**
 * What this tab recorded, on its way to the writer, in order. Events recorded in one task travel together; an append
 * sends on what was recorded before it.
 */
export class Outbox {
  maxBytes = 64 * 1024 * 1024
  readonly #store: string
  readonly #connection: Connection
  readonly #onFault: (fault: Fault) => void
  readonly #onCommitted: () => void
  readonly #journal: TabJournal | null
  readonly #underWay = new Set<Promise<unknown>>()
  #builder: ColumnBuilder | null = null
  #counts: CountBurst | null = null
  #durability: 'relaxed' | 'strict' = 'relaxed'
  #journaled = true
  #bursts = 0
  #bytesUnderWay = 0
  #tally: Tally | null = null

  constructor(
    store: string,
    connection: Connection,
    onFault: (fault: Fault) => void,
    onCommitted: () => void,
    journal: TabJournal | null,
  ) {
    this.#store = store
    this.#connection = connection
    this.#onFault = onFault
    this.#onCommitted = onCommitted
    this.#journal = journal
  }

  record(row: Row, durability: 'relaxed' | 'strict', journaled: boolean): void {
    if (this.#queuedBytes >= this.maxBytes) return this.#drop()
    this.#goOn(durability, journaled)
    const builder = this.#builder ?? new ColumnBuilder(producerId())
    // Throws when the data cannot be cloned: then nothing has happened.
    builder.add(row, () => nextSeq(this.#store))
    if (!this.#hasBurst) this.#begin(durability, journaled)
    this.#builder = builder
    if (builder.count >= BURST_EVENTS || builder.bytes >= BURST_BYTES) this.seal()
  }

  /** Counts travel with the burst they fall into. */
  recordCount(id: string, time: number, count: number, durability: 'relaxed' | 'strict', journaled: boolean): void {
    if (this.#queuedBytes >= this.maxBytes) return this.#drop()
    this.#goOn(durability, journaled)
    if (!this.#hasBurst) this.#begin(durability, journaled)
    const counts = (this.#counts ??= new CountBurst())
    counts.add(id, time, count)
    if (counts.size >= BURST_EVENTS || counts.bytes >= BURST_BYTES) this.seal()
  }

  /** Whether something was recorded that is not sent on yet. */
  get #hasBurst(): boolean {
    return this.#builder !== null || this.#counts !== null
  }

  get isEmpty(): boolean {
    return !this.#hasBurst
  }

  // A burst has one durability.
  #goOn(durability: 'relaxed' | 'strict', journaled: boolean): void {
    if (this.#hasBurst && (this.#durability !== durability || this.#journaled !== journaled)) this.seal()
  }

  #begin(durability: 'relaxed' | 'strict', journaled: boolean): void {
    this.#durability = durability
    this.#journaled = journaled
    const burst = ++this.#bursts
    queueMicrotask(() => {
      if (this.#bursts === burst) this.seal()
    })
  }

  append(
    topic: string,
    rows: readonly Row[],
    expect: number | null,
    durability: 'relaxed' | 'strict',
  ): Promise<Receipt> {
    if (this.#queuedBytes >= this.maxBytes) {
      throw storeError(
        'queue-full',
        `${this.#queuedBytes} bytes wait to be committed, more than maxQueueBytes: wait for earlier appends, then try again.`,
      )
    }
    // First: what was counted takes its number when it is sent on.
    this.seal()
    const builder = new ColumnBuilder(producerId())
    builder.addAll(rows, () => nextSeq(this.#store))
    return this.#submit(builder, { append: { topic, expect }, limit: null, durability }) as Promise<Receipt>
  }

  /** Asks the limits, after what was recorded so far; what it counts is stored if they allow it. */
  async takeLimited(limit: LimitStep, counts: readonly Count[], durability: 'relaxed' | 'strict'): Promise<void> {
    this.seal()
    const builder = new ColumnBuilder(producerId())
    if (counts.length > 0) builder.addCounts(counts, nextSeq(this.#store))
    await this.#submit(builder, { append: null, limit, durability })
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
    if (!this.#hasBurst) return
    const builder = this.#builder ?? new ColumnBuilder(producerId())
    if (this.#counts) builder.addCounts(this.#counts.counts(), nextSeq(this.#store))
    this.#builder = null
    this.#counts = null
    this.#bursts++
    const columns = builder.build()
    const journal = this.#journaled ? this.#journal : null
    journal?.write(columns)
    const answer = this.#submit(builder, { append: null, limit: null, durability: this.#durability }, columns)
    answer.then(
      () => journal?.confirm(columns),
      (error: unknown) => {
        const fault = faultOf(error)
        // Closed in between: whoever opens the store next finds it in the journal.
        if (journal && fault.code === 'outcome-unknown') return
        this.count('dropped', builder.count)
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
    return this.#bytesUnderWay + (this.#builder?.bytes ?? 0) + (this.#counts?.bytes ?? 0)
  }

  #submit(
    builder: ColumnBuilder,
    how: Pick<Submission, 'append' | 'limit' | 'durability'>,
    columns: EventColumns = builder.build(),
  ): Promise<Receipt | null> {
    const { bytes } = builder
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
