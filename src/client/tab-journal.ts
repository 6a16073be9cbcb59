import type { EventColumns } from '../codec/columns.js'
import { fault, type Fault } from '../core/fault.js'
import { Journal } from '../log/journal.js'
import { Spill } from './spill.js'
import { producerId, sessionId } from './this-tab.js'

/** What the log has confirmed leaves the journal with the next burst, or after this long. */
const FORGET_AFTER_MS = 500

/**
 * Keeps this tab's recorded events until a writer has confirmed them: in the journal, and what is not there yet when
 * the page goes, in the spill.
 */
export class TabJournal {
  readonly #journal: Journal
  readonly #spill: Spill
  readonly #onFault: (fault: Fault) => void
  /** Sent on, but neither in the journal nor confirmed. */
  readonly #exposed = new Set<EventColumns>()
  #coveredTo = -1
  #forgottenTo = -1
  #timer: ReturnType<typeof setTimeout> | null = null
  #leaving = false
  #failing = false

  private constructor(store: string, onFault: (fault: Fault) => void) {
    this.#journal = new Journal(store)
    this.#spill = new Spill(store, producerId())
    this.#onFault = onFault
  }

  /** Null where nothing outlives the page. */
  static async open(store: string, onFault: (fault: Fault) => void): Promise<TabJournal | null> {
    if (typeof indexedDB === 'undefined') return null
    const journal = new TabJournal(store, onFault)
    try {
      await journal.#journal.open()
    } catch {
      return null
    }
    return journal
  }

  // Told to commit before it returns: call it before the burst is posted.
  write(columns: EventColumns): void {
    this.#exposed.add(columns)
    const coveredTo = this.#coveredTo > this.#forgottenTo ? this.#coveredTo : -1
    this.#forgottenTo = this.#coveredTo
    this.#journal.write({ columns, session: sessionId() }, coveredTo).then(
      () => {
        this.#exposed.delete(columns)
        this.#failing = false
      },
      (error: unknown) => this.#failed(error),
    )
    if (this.#leaving) this.#spillExposed()
  }

  /** The writer has committed the burst. */
  confirm(columns: EventColumns): void {
    this.#exposed.delete(columns)
    this.#coveredTo = Math.max(this.#coveredTo, columns.producerSeq[columns.count - 1]!)
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      void this.#forget()
    }, FORGET_AFTER_MS)
    ;(this.#timer as { unref?: () => void }).unref?.()
  }

  /** The page goes, perhaps for good: what the disk may not have yet is written where it gets at once. */
  leave(): void {
    this.#leaving = true
    this.#spillExposed()
  }

  /** The page is back. */
  stay(): void {
    this.#leaving = false
  }

  /** Everything is confirmed: nothing is left behind. */
  async close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    await this.#forget()
    this.#journal.close()
  }

  async #forget(): Promise<void> {
    if (this.#exposed.size === 0) this.#spill.clear()
    if (this.#coveredTo <= this.#forgottenTo) return
    const to = this.#coveredTo
    this.#forgottenTo = to
    // What stays by mistake is known to the log, and dropped by whoever finds it.
    await this.#journal.forget(producerId(), to).catch(() => {})
  }

  #spillExposed(): void {
    if (this.#exposed.size > 0) this.#spill.write([...this.#exposed], sessionId())
  }

  #failed(error: unknown): void {
    if (this.#failing) return
    this.#failing = true
    this.#onFault(
      fault(
        'storage-unavailable',
        `The journal cannot be written (${String(error)}): recorded events would not survive a crash of this tab until it can.`,
      ),
    )
  }
}
