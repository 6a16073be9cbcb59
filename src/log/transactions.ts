import { StoreError, type Fault } from '../core/fault.js'
import { LOG_STORES, type LogDatabase, type LogStore, type WriteTransaction } from './database.js'
import { LogState, type LogMemory } from './log-memory.js'
import { tryAgain } from './try-again.js'

/** What a log tells without being asked. */
export interface LogEvents {
  fault(fault: Fault): void
  /** Stored events went away, or came to be seen. */
  changed(): void
}

/** What a write transaction does. */
export type Body<T> = (tx: WriteTransaction, memory: LogMemory) => Promise<T>

/** The log's write transactions: each begins with what is remembered being made true, and ends with what it wrote. */
export class Transactions {
  readonly #database: LogDatabase
  readonly #state: LogState
  readonly #on: LogEvents
  #makingGood = false

  constructor(database: LogDatabase, state: LogState, on: LogEvents) {
    this.#database = database
    this.#state = state
    this.#on = on
  }

  // One that fails for a passing reason is tried again: whatever it does, it may do twice.
  write<T>(stores: readonly LogStore[], durability: 'relaxed' | 'strict', body: Body<T>): Promise<T> {
    return tryAgain(() => this.writeOnce(stores, durability, body))
  }

  writeOnce<T>(stores: readonly LogStore[], durability: 'relaxed' | 'strict', body: Body<T>): Promise<T> {
    return this.changing(async () => {
      const { result, head } = await this.#database.write(stores, durability, async (tx) => {
        const memory = await this.#state.writable(tx)
        const result = await body(tx, memory)
        return { result, head: memory.head }
      })
      const lost = this.#state.committed(head)
      if (lost) this.#on.fault(lost)
      return result
    })
  }

  // Full storage takes no transaction that puts anything, however much it deletes; one that only deletes it takes. So
  // the segments go first then, and what tells of them after.
  async free<T>(body: Body<T>): Promise<T> {
    try {
      return await this.write(LOG_STORES, 'relaxed', body)
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'quota-exceeded') throw error
    }
    await this.#database.write(LOG_STORES, 'relaxed', async (tx) => {
      await body(segmentsOnly(tx), await new LogState().writable(tx))
    })
    return this.write(LOG_STORES, 'relaxed', body)
  }

  // A reader found that data is gone. Should this fail, the next one does.
  async makeGood(): Promise<void> {
    if (this.#makingGood) return
    this.#makingGood = true
    await this.write(LOG_STORES, 'relaxed', async () => {}).catch(() => {})
    this.#makingGood = false
  }

  /** What is remembered is forgotten when the work fails. */
  async changing<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      this.#state.forget()
      throw error
    }
  }
}

function segmentsOnly(tx: WriteTransaction): WriteTransaction {
  return {
    ...tx,
    put: () => {},
    delete: (store, range) => (store === 'segments' ? tx.delete(store, range) : undefined),
  }
}
