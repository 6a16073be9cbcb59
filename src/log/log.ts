import type { TopicInfo } from '../core/event.js'
import { storeError } from '../core/fault.js'
import type { ReadPage, ReadRequest, SegmentSlice } from '../protocol/writer-api.js'
import { WRITER_VERSION } from '../protocol/version.js'
import { appendBatches, type Appended, type Submitted } from './append.js'
import { clearTopics } from './clear.js'
import type { Head, LogDatabase, LogStore, ReadTransaction, SegmentEntry, WriteTransaction } from './database.js'
import { countRows, pickRows, READ_STORES, readPage } from './read.js'
import { LOG_FORMAT, LogState } from './state.js'

const WRITE_STORES: readonly LogStore[] = ['head', 'topics', 'producers', 'segments', 'index']

/** The ordered log in its database. Any number of them, in any number of contexts, may work on one database. */
export class Log {
  /** Segments found damaged since this log was opened. */
  repairs = 0
  readonly #database: LogDatabase
  readonly #state = new LogState()
  readonly #damaged = new Set<number>()

  constructor(database: LogDatabase) {
    this.#database = database
  }

  get kind(): LogDatabase['kind'] {
    return this.#database.kind
  }

  /** As of the last transaction. */
  get head(): Head {
    return this.#state.head
  }

  // Resolves after the commit; when it rejects, nothing of any batch was written. `assertTurn` is called when the
  // transaction's turn has come and may throw to give it up.
  append(
    batches: readonly Submitted[],
    durability: 'relaxed' | 'strict',
    assertTurn: () => void = () => {},
  ): Promise<Appended> {
    return this.#write(durability, (tx) => {
      assertTurn()
      return appendBatches(tx, this.#state, batches)
    })
  }

  clear(topic: string | null): Promise<number> {
    return this.#write('relaxed', (tx) => clearTopics(tx, this.#state, topic))
  }

  readPage(request: ReadRequest): Promise<ReadPage> {
    return this.#read((tx) => readPage(tx, this.#state, request, this.#noteDamaged))
  }

  async count(request: ReadRequest): Promise<number> {
    let total = 0
    let { sequences } = request
    while (true) {
      const { count, next } = await this.#read((tx) =>
        countRows(tx, this.#state, { ...request, sequences }, this.#noteDamaged),
      )
      total += count
      if (next === null) return total
      sequences = [next, Math.min(sequences[1], this.head.nextSequence)]
    }
  }

  /** The rows that hold these sequences (rising). */
  pick(sequences: Float64Array): Promise<SegmentSlice[]> {
    return this.#read((tx) => pickRows(tx, this.#state, sequences, this.#noteDamaged))
  }

  topics(): Promise<TopicInfo[]> {
    return this.#read(async (tx) => {
      await this.#state.synchronize(tx)
      const rows = await this.#state.allTopics(tx)
      return rows
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map((row) => ({
          name: row.name,
          first: row.count > 0 ? row.first : null,
          next: row.next,
          count: row.count,
          bytes: row.bytes,
          firstTime: row.since,
          lastTime: row.until,
        }))
    })
  }

  /** The names of all event types stored. */
  types(): Promise<string[]> {
    return this.#read(async (tx) => {
      await this.#state.synchronize(tx)
      await this.#state.index.loadAll(tx)
      return [...new Set(this.#state.index.entries.flatMap((entry) => entry.types))].sort()
    })
  }

  /** Learns what others have committed. */
  async refresh(): Promise<Head> {
    return this.#read((tx) => this.#state.synchronize(tx))
  }

  close(): void {
    this.#database.close()
  }

  #read<T>(body: (tx: ReadTransaction) => Promise<T>): Promise<T> {
    return this.#database.read(READ_STORES, body)
  }

  async #write<T>(durability: 'relaxed' | 'strict', body: (tx: WriteTransaction) => Promise<T>): Promise<T> {
    try {
      return await this.#database.write(WRITE_STORES, durability, async (tx) => {
        assertWritable(await this.#state.synchronize(tx))
        return body(tx)
      })
    } catch (error) {
      this.#state.forget()
      throw error
    }
  }

  #noteDamaged = (entry: SegmentEntry): void => {
    if (this.#damaged.has(entry.first)) return
    this.#damaged.add(entry.first)
    this.repairs++
  }
}

function assertWritable(head: Head): void {
  if (head.format <= LOG_FORMAT && head.minWriter <= WRITER_VERSION) return
  throw storeError(
    'incompatible',
    `This log was written by a later version of tabscribe (format ${head.format}): reload the page to get it. Until then it can only be read.`,
    { format: head.format, minWriter: head.minWriter },
  )
}
