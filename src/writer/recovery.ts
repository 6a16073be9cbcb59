import { fault, faultOf, type Fault } from '../core/fault.js'
import type { Journal, JournalEntry } from '../log/journal.js'
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
  async drain(producer: string): Promise<void> {
    const entries = await this.#journal.entriesOf(producer)
    if (entries.length === 0) return
    await this.submit(entries)
    await this.#journal.remove(entries)
  }

  /** Journal first: a spill holds what came last. */
  async takeSpill(entries: readonly JournalEntry[]): Promise<void> {
    for (const producer of new Set(entries.map(({ columns }) => columns.producers[0]!))) await this.drain(producer)
    await this.submit(entries)
  }

  async submit(entries: readonly JournalEntry[]): Promise<void> {
    const committed = entries.map(({ columns, session }) =>
      this.#flusher.submit({ columns, session, append: null }, 'relaxed'),
    )
    const flushed = this.#flusher.flush()
    await Promise.all(committed)
    await flushed
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
