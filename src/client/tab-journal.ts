import type { EventColumns } from '../codec/columns.js'
import { fault, type Fault } from '../core/fault.js'
import { holdLock } from '../core/locks.js'
import { Journal, ownJournalName } from '../log/journal.js'
import { sharedJournalName } from '../protocol/names.js'
import { Spill } from './spill.js'
import { producerId, sessionId } from './this-tab.js'

/** What the log has confirmed leaves the journal with the next burst, or after this long. */
const FORGET_AFTER_MS = 500

/** What could not be written is tried again after this long, while it is not confirmed. */
const AGAIN_AFTER_MS = 1_000

/**
 * Keeps this tab's recorded events until a writer has confirmed them: in the journal, and what is not there yet when
 * the page goes, in the spill. Writers look at the journal when its lock is free.
 */
export class TabJournal {
  /** Of the lock, too; null where all tabs share a journal. */
  readonly #own: string | null
  readonly #journal: Journal
  readonly #spill: Spill
  readonly #onFault: (fault: Fault) => void
  /** Sent on, but neither in the journal nor confirmed. */
  readonly #exposed = new Set<EventColumns>()
  #coveredTo = -1
  #forgottenTo = -1
  #timer: ReturnType<typeof setTimeout> | null = null
  #again: ReturnType<typeof setTimeout> | null = null
  #leaving = false
  /** Lets the lock go; null while it is not held. */
  #release: (() => void) | null = null
  #resting = false
  /** In a row. */
  #failures = 0

  private constructor(store: string, onFault: (fault: Fault) => void) {
    this.#own = ownJournalName(store, producerId())
    this.#journal = new Journal(this.#own ?? sharedJournalName(store))
    this.#spill = new Spill(store, producerId())
    this.#onFault = onFault
  }

  /** Null where nothing outlives the page. */
  static async open(store: string, onFault: (fault: Fault) => void): Promise<TabJournal | null> {
    if (typeof indexedDB === 'undefined') return null
    const journal = new TabJournal(store, onFault)
    try {
      await journal.#hold()
    } catch {
      // The next to open waits for its lock.
      journal.rest()
      return null
    }
    return journal
  }

  // Told to commit before it returns: call it before the burst is posted.
  write(columns: EventColumns): void {
    this.#exposed.add(columns)
    this.#put(columns)
    if (this.#leaving) this.#spillExposed()
  }

  /** The writer has committed the burst. */
  confirm(columns: EventColumns): void {
    this.#exposed.delete(columns)
    this.#coveredTo = Math.max(this.#coveredTo, columns.producerSeq[columns.count - 1]!)
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      void this.forget()
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

  // Frozen: a page that held its lock could not be kept for the back button.
  rest(): void {
    this.#resting = true
    this.#journal.close()
    this.#release?.()
    this.#release = null
  }

  wake(): void {
    if (!this.#resting) return
    this.#resting = false
    this.#hold().then(
      () => this.#putExposed(),
      (error: unknown) => this.#failed(error),
    )
  }

  /** Everything is confirmed: nothing is left behind. */
  async close(): Promise<void> {
    for (const timer of [this.#timer, this.#again]) if (timer !== null) clearTimeout(timer)
    this.#timer = null
    this.#again = null
    await this.forget()
    if (this.#own !== null) await this.#journal.deleteIfEmpty().catch(() => {})
    this.rest()
  }

  async #hold(): Promise<void> {
    const release = (this.#own === null ? null : await holdLock(this.#own)) ?? (() => {})
    if (this.#resting) return release()
    this.#release = release
    await this.#journal.open()
  }

  /** What the log has confirmed goes now: a page in the background may not come to it for a minute. */
  async forget(): Promise<void> {
    if (this.#exposed.size === 0) this.#spill.clear()
    if (!this.#release || this.#coveredTo <= this.#forgottenTo) return
    const to = this.#coveredTo
    this.#forgottenTo = to
    // What stays by mistake is known to the log, and dropped by whoever finds it.
    await this.#journal.forget(producerId(), to).catch(() => {})
  }

  #spillExposed(): void {
    if (this.#exposed.size > 0) this.#spill.write([...this.#exposed], sessionId(), this.#leaving)
  }

  #put(columns: EventColumns): void {
    if (!this.#release) return
    const coveredTo = this.#coveredTo > this.#forgottenTo ? this.#coveredTo : -1
    this.#forgottenTo = this.#coveredTo
    this.#journal.write({ columns, session: sessionId() }, coveredTo).then(
      () => this.#written(columns),
      (error: unknown) => this.#failed(error),
    )
  }

  #written(columns: EventColumns): void {
    this.#exposed.delete(columns)
    if (this.#failures === 0) return
    this.#failures = 0
    this.#putExposed()
  }

  #putExposed(): void {
    for (const columns of this.#exposed) this.#put(columns)
  }

  // A connection that was lost is open again at once; a disk that is full may have room later.
  #failed(error: unknown): void {
    this.#forgottenTo = -1
    this.#failures++
    if (this.#failures === 2) {
      const isFull = error instanceof DOMException && error.name === 'QuotaExceededError'
      const message = `The journal cannot be written (${String(error)}): of what is recorded until it can, little survives a crash of this tab.`
      this.#onFault(fault(isFull ? 'quota-exceeded' : 'storage-unavailable', message))
    }
    const isFirst = this.#failures === 1
    this.#again ??= setTimeout(() => this.#tryAgain(isFirst), isFirst ? 0 : AGAIN_AFTER_MS)
    ;(this.#again as { unref?: () => void }).unref?.()
  }

  // Meanwhile it is kept where there may be room yet, and where a crash of the page does no harm either.
  #tryAgain(isFirst: boolean): void {
    this.#again = null
    const [oldest] = this.#exposed
    if (!oldest) return
    this.#put(oldest)
    if (!isFirst) this.#spillExposed()
  }
}
