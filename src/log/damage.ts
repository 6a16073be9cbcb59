import { fault, faultOf, StoreError } from '../core/fault.js'
import { LOG_STORES, type LogDatabase, type SegmentEntry } from './database.js'
import type { LogState } from './log-memory.js'
import { mendIndex } from './mend.js'
import { quarantineSegment } from './quarantine.js'
import { UnreadableSegment } from './rewrite.js'
import type { LogEvents, Transactions } from './transactions.js'
import { tryAgain } from './try-again.js'

/** What becomes of stored data that is not what was written: the rest goes on, and someone is told. */
export class Damage {
  /** Segments set aside, and indexes made anew. */
  repairs = 0
  readonly #transactions: Transactions
  readonly #state: LogState
  readonly #on: LogEvents
  /** Segments being set aside, and those of a later version. */
  readonly #found = new Map<number, Promise<boolean>>()

  constructor(transactions: Transactions, state: LogState, on: LogEvents) {
    this.#transactions = transactions
    this.#state = state
    this.#on = on
  }

  // One step of work on stored segments, which may be done twice; it begins anew without a segment that cannot be read.
  step<T>(work: () => Promise<T>): Promise<T> {
    return tryAgain(async () => {
      for (;;) {
        try {
          return await this.#transactions.changing(work)
        } catch (error) {
          if (!(error instanceof UnreadableSegment)) throw error
          if (!(await this.setAside(error.entry, error.cause))) throw error.cause
        }
      }
    })
  }

  // Takes a damaged segment out of the log, once, whoever finds it. False: it cannot be done now, or must not be,
  // since it is not damaged but written by a later version.
  async setAside(entry: SegmentEntry, error: unknown): Promise<boolean> {
    const known = this.#found.get(entry.first)
    if (known) return known
    const isLater = error instanceof StoreError && error.code === 'incompatible'
    const done = isLater ? this.#refuse(error) : this.#quarantine(entry, error)
    this.#found.set(entry.first, done)
    await done
    if (!isLater) this.#found.delete(entry.first)
    return done
  }

  /** Makes index and head anew. */
  async mend(database: LogDatabase): Promise<void> {
    const last = this.#state.head
    this.#state.forget()
    const events = await mendIndex(database, last)
    this.repairs++
    const message = `The log's index was damaged and was made anew: ${events} events can be read, and what else was there cannot.`
    this.#on.fault(fault('corrupt', message, { events }))
    this.#on.changed()
  }

  /** Counters could not be read: what the log holds of them is counted again. */
  counters(ids: readonly string[]): void {
    this.repairs++
    const message = `Damaged counters (${ids.length}) were counted again from what the log still holds.`
    this.#on.fault(fault('corrupt', message, { ids }))
  }

  async #refuse(error: StoreError): Promise<boolean> {
    this.#state.refuse(error)
    this.#on.fault(error.fault)
    return false
  }

  async #quarantine(entry: SegmentEntry, error: unknown): Promise<boolean> {
    const reason = error instanceof Error ? error.message : String(error)
    try {
      const isFirst = await this.#transactions.write(LOG_STORES, 'relaxed', (tx, memory) =>
        quarantineSegment(tx, memory, entry, reason),
      )
      if (!isFirst) return true
      this.repairs++
      const topics = entry.topics.map(({ name, first, last }) => ({ topic: name, first, last }))
      const message = `A damaged segment was set aside: events ${entry.first} to ${entry.last} cannot be read; the rest can.`
      this.#on.fault(fault('corrupt', message, { from: entry.first, to: entry.last + 1, topics, reason }))
      this.#on.changed()
      return true
    } catch (failure) {
      this.#on.fault(faultOf(failure))
      return false
    }
  }
}
