import type { StoreError } from '../core/fault.js'
import type { Buckets } from '../fold/counter/buckets.js'
import { isDone, markDone, type Command } from './commands.js'
import { CounterBook } from './counter-book.js'
import type { Counting } from './counting.js'
import type { LogDatabase, LogStore, ReadTransaction, WriteTransaction } from './database.js'
import type { LogMemory, LogState } from './log-memory.js'
import { READ_STORES, type Reading } from './read.js'
import { recountStep } from './recount.js'
import type { Transactions } from './transactions.js'

const QUESTION_STORES: readonly LogStore[] = [...READ_STORES, 'counters']
const COMMAND_STORES: readonly LogStore[] = [...QUESTION_STORES, 'producers']

/** Transactions on the counters alone. What of the log is not counted yet, or was damaged, is counted before they answer. */
export class CounterTransactions {
  readonly counting: Counting
  readonly #reading: Reading
  readonly #database: LogDatabase
  readonly #state: LogState
  readonly #transactions: Transactions
  readonly #onDamaged: (ids: readonly string[]) => void
  #recounting: Promise<void> | null = null

  constructor(
    counting: Counting,
    reading: Reading,
    transactions: Transactions,
    onDamaged: (ids: readonly string[]) => void,
  ) {
    this.counting = counting
    this.#reading = reading
    this.#database = reading.database
    this.#state = reading.state
    this.#transactions = transactions
    this.#onDamaged = onDamaged
  }

  /** Why nothing may be written; null when it may. */
  get refusal(): StoreError | null {
    return this.#state.refusal
  }

  /** Counts what of the log is not counted yet. */
  async recount(): Promise<void> {
    this.#recounting ??= this.#recountAll().finally(() => (this.#recounting = null))
    await this.#recounting
  }

  async #recountAll(): Promise<void> {
    for (;;) {
      const { answer: book } = await this.#askOnce([], (book) => book)
      const [due] = book.head.recounts
      if (!due) return
      const counts = book.countsEvents ? await recountStep(this.#reading, due, book) : new Map<string, Buckets>()
      await this.change([...counts.keys()], null, undefined, (book) => {
        if (book.head.recounts[0]?.below !== due.below) return
        for (const [id, buckets] of counts) book.add(id, buckets)
        book.recounted()
      })
    }
  }

  /** What `body` finds, once everything there is has been counted. */
  async ask<T>(
    ids: readonly string[],
    body: (book: CounterBook, tx: ReadTransaction, memory: LogMemory) => T | Promise<T>,
  ): Promise<T> {
    for (;;) {
      const { answer, damaged } = await this.#askOnce(ids, async (book, tx, memory) => {
        const isCounted = book.head.recounts.length === 0 || this.refusal !== null
        return isCounted ? { is: await body(book, tx, memory) } : null
      })
      if (damaged.length > 0) await this.#setRight(damaged)
      else if (answer !== null) return answer.is
      await this.recount()
    }
  }

  #askOnce<T>(
    ids: readonly string[],
    body: (book: CounterBook, tx: ReadTransaction, memory: LogMemory) => T | Promise<T>,
  ): Promise<{ answer: T; damaged: string[] }> {
    return this.#database.read(QUESTION_STORES, async (tx) => {
      const memory = await this.#state.synchronize(tx)
      const book = await CounterBook.open(tx, memory, this.counting, () => ids)
      const answer = await body(book, tx, memory)
      return { answer, damaged: book.uncounted.damaged }
    })
  }

  // A reader only noticed; whoever writes next notes what is to be counted again.
  async #setRight(ids: readonly string[]): Promise<void> {
    this.#state.forget()
    await this.change(ids, null, undefined, () => {})
    this.#onDamaged(ids)
  }

  /** Commits what `body` does to the book. A command is done once; `whenDone` is the answer when it was done before. */
  change<T>(
    ids: readonly string[],
    command: Command | null,
    whenDone: T,
    body: (book: CounterBook, tx: WriteTransaction, memory: LogMemory) => T | Promise<T>,
  ): Promise<T> {
    return this.#transactions.write(COMMAND_STORES, 'relaxed', async (tx, memory) => {
      if (command && (await isDone(tx, memory, command))) return whenDone
      const book = await CounterBook.open(tx, memory, this.counting, () => ids)
      const answer = await body(book, tx, memory)
      book.put(tx)
      if (command) markDone(tx, memory, command)
      memory.head = { ...memory.head, revision: memory.head.revision + 1 }
      tx.put('head', 'head', memory.head)
      return answer
    })
  }
}
