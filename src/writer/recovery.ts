import { fault, faultOf, type Fault } from '../core/fault.js'
import type { Journal, JournalEntry } from '../log/journal.js'
import { assertColumns } from '../protocol/guards.js'
import type { Flusher } from './flusher.js'

/** Brings what tabs left behind into the log. What is there already is known by (producer, seq). */
export class Recovery {
  readonly #journal: Journal
  readonly #flusher: Flusher
  readonly #onFault: (fault: Fault) => void

  constructor(journal: Journal, flusher: Flusher, onFault: (fault: Fault) => void) {
    this.#journal = journal
    this.#flusher = flusher
    this.#onFault = onFault
  }

  producers(): Promise<string[]> {
    return this.#journal.producers()
  }

  // Entries are dropped from the journal only after they were read and committed: what is written meanwhile stays.
  // Rejects when they cannot be committed now; they go when they are.
  async drain(producer: string): Promise<void> {
    await this.#store(producer, [])
  }

  /** Some of a spill may be in the journal too, and what lies there may be older or newer. */
  async takeSpill(spilled: readonly JournalEntry[]): Promise<void> {
    for (const producer of new Set(spilled.map(producerOf))) {
      await this.#store(
        producer,
        spilled.filter((entry) => producerOf(entry) === producer),
      )
    }
  }

  // In the order in which the tab recorded.
  async #store(producer: string, spilled: readonly JournalEntry[]): Promise<void> {
    const journaled = this.#valid(await this.#journal.entriesOf(producer))
    const entries = [...journaled, ...spilled].sort((a, b) => firstSeqOf(a) - firstSeqOf(b))
    if (entries.length === 0) return
    const committed = Promise.all(
      entries.map(({ columns, session }) => this.#flusher.submit({ columns, session, append: null }, 'relaxed')),
    )
    const removed = committed.then(() => this.#journal.remove(journaled))
    removed.catch(() => {})
    await this.#flusher.flush()
    await removed
  }

  // Any page of the origin can write to the journal, and a disk can damage it: what is no burst would hold up all.
  #valid(entries: readonly JournalEntry[]): JournalEntry[] {
    return entries.filter(({ columns }) => {
      try {
        assertColumns(columns)
        return true
      } catch (error) {
        this.#onFault(fault('corrupt', `Events in a closed tab's journal cannot be read: ${faultOf(error).message}`))
        return false
      }
    })
  }

  /** Drains in the background; what fails stays in the journal for the next writer. */
  async tryDrain(producer: string): Promise<void> {
    try {
      await this.drain(producer)
    } catch (error) {
      const { code, message } = faultOf(error)
      this.#onFault(fault(code, `Events that a closed tab left behind could not be stored yet: ${message}`))
    }
  }

  close(): void {
    this.#journal.close()
  }
}

const producerOf = ({ columns }: JournalEntry): string => columns.producers[0]!
const firstSeqOf = ({ columns }: JournalEntry): number => columns.producerSeq[0]!
