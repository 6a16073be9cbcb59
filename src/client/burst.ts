import { ColumnBuilder, type Row } from '../codec/column-builder.js'
import type { EventColumns } from '../codec/columns.js'
import { CountBurst } from './count-burst.js'
import { producerId } from './this-tab.js'

/** What this tab recorded and has not sent on. All of it is to be kept alike. */
export class Burst {
  readonly durability: 'relaxed' | 'strict'
  readonly journaled: boolean
  readonly #takeSeq: () => number
  readonly #closed: EventColumns[] = []
  #builder: ColumnBuilder | null = null
  #counts: CountBurst | null = null
  #events = 0
  #bytes = 0

  constructor(durability: 'relaxed' | 'strict', journaled: boolean, takeSeq: () => number) {
    this.durability = durability
    this.journaled = journaled
    this.#takeSeq = takeSeq
  }

  get events(): number {
    return this.#events + (this.#builder?.count ?? 0) + (this.#counts?.size ?? 0)
  }

  /** What is counted is the last row of what it travels in: nothing can be added to that. */
  get isFull(): boolean {
    return this.journaled && this.#counts !== null
  }

  /** An estimate. */
  get bytes(): number {
    return this.#bytes + (this.#builder?.bytes ?? 0) + (this.#counts?.bytes ?? 0)
  }

  // Throws when the data cannot be cloned: then nothing has happened.
  record(row: Row): void {
    const builder = this.#builder ?? new ColumnBuilder(producerId())
    builder.add(row, this.#takeSeq)
    this.#builder = builder
  }

  recordCount(id: string, time: number, count: number): void {
    this.#counts ??= new CountBurst()
    this.#counts.add(id, time, count)
  }

  /** What came since the last call, which takes its place in the order now; null when nothing did. */
  close(): EventColumns | null {
    if (this.#builder === null && this.#counts === null) return null
    const builder = this.#builder ?? new ColumnBuilder(producerId())
    if (this.#counts) builder.addCounts(this.#counts.counts(), this.#takeSeq())
    this.#builder = null
    this.#counts = null
    this.#events += builder.count
    this.#bytes += builder.bytes
    const columns = builder.build()
    this.#closed.push(columns)
    return columns
  }

  /** All that was closed, in order. */
  get closed(): readonly EventColumns[] {
    return this.#closed
  }
}
