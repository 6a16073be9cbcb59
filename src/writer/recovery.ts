import { fault, faultOf, type Fault } from '../core/fault.js'
import { heldLocks, holdLock, holdLockIfFree, isHeld, locksHere, whenReleased } from '../core/locks.js'
import { Journal, journalsOf, type JournalEntry } from '../log/journal.js'
import { isColumns } from '../protocol/column-shape.js'
import { journalName, journalPrefix, sharedJournalName, tabLockName } from '../protocol/names.js'
import type { Flusher } from './flusher.js'

/** Of a writer that is at work in a journal. */
const MOMENT_MS = 10_000

/**
 * Brings what tabs left behind into the log. What is there already is known by (producer, seq). While a journal is
 * looked at its lock is held, so that no tab begins to write to it.
 */
export class Recovery {
  readonly #store: string
  readonly #flusher: Flusher
  readonly #closing: AbortSignal
  readonly #onFault: (fault: Fault) => void
  readonly #watched = new Set<string>()
  /** What was told of already. */
  readonly #unreadable = new Set<string>()

  constructor(store: string, flusher: Flusher, closing: AbortSignal, onFault: (fault: Fault) => void) {
    this.#store = store
    this.#flusher = flusher
    this.#closing = closing
    this.#onFault = onFault
  }

  // Stores what lies in the journals of tabs that are gone, and what such tabs spilled, in the order of recording. The
  // others' journals have their turn once their tabs are gone. Rejects when it cannot be committed now.
  async recover(ownProducer: string, spilled: readonly JournalEntry[] = []): Promise<void> {
    const spillers = new Set(spilled.map(({ columns }) => journalName(this.#store, columns.producers[0]!)))
    const journals: Held[] = []
    try {
      // One after the other and in order: two writers never wait for each other.
      for (const name of (await journalsOf(this.#store)).sort()) {
        const held = await this.#hold(name, spillers.has(name))
        if (held) journals.push(held)
      }
      await this.#recover(journals, ownProducer, spilled)
      for (const { journal, isShared } of journals) if (!isShared) await journal.deleteIfEmpty().catch(() => {})
    } finally {
      for (const { journal, release } of journals) {
        journal.close()
        release()
      }
    }
  }

  /** What fails stays in the journals for the next time. */
  async tryRecover(ownProducer: string): Promise<void> {
    try {
      await this.recover(ownProducer)
    } catch (error) {
      const { code, message } = faultOf(error)
      this.#onFault(fault(code, `Events that a closed tab left behind could not be stored yet: ${message}`))
    }
  }

  async #hold(name: string, isLeaving: boolean): Promise<Held | null> {
    const isShared = name === sharedJournalName(this.#store)
    const release = locksHere() ? await this.#lock(name, isLeaving) : () => {}
    if (release) return { name, journal: new Journal(name), isShared, release }
    if (!this.#watched.has(name)) {
      this.#watched.add(name)
      whenReleased(name, this.#closing, () => {
        this.#watched.delete(name)
        void this.tryRecover('')
      })
    }
    return null
  }

  // A tab that is leaving lets go in a moment, and so does another writer that stores what a dead tab left.
  async #lock(name: string, isLeaving: boolean): Promise<(() => void) | null> {
    const release = await holdLockIfFree(name)
    if (release) return release
    const producer = name.slice(journalPrefix(this.#store).length)
    return isLeaving || !(await isHeld(tabLockName(producer))) ? holdLock(name, MOMENT_MS) : null
  }

  // Entries are dropped from a journal only after they were read and committed: what is written meanwhile stays.
  async #recover(journals: readonly Held[], ownProducer: string, spilled: readonly JournalEntry[]): Promise<void> {
    const found = await Promise.all(journals.map((held) => this.#entriesOf(held)))
    // First who wrote, then who lives: a tab that opens in between is not taken for dead.
    const alive = await heldLocks()
    const isLeft = ({ columns }: JournalEntry): boolean => {
      const producer = columns.producers[0]!
      return producer !== ownProducer && !alive?.has(tabLockName(producer))
    }
    // A journal of its tab's own is in nobody's hands but ours.
    const journaled = found.map((entries, at) => (journals[at]!.isShared ? entries.filter(isLeft) : entries))
    const entries = [...journaled.flat(), ...spilled].filter(({ columns }) => columns.count > 0)
    if (entries.length === 0) return
    const committed = Promise.all(
      entries
        .sort((a, b) => a.columns.producerSeq[0]! - b.columns.producerSeq[0]!)
        .map(({ columns, session }) => this.#flusher.submit({ columns, session, append: null }, 'relaxed')),
    )
    committed.catch(() => {})
    await this.#flusher.flush()
    await committed
    await Promise.all(journals.map(({ journal }, at) => journal.remove(journaled[at]!)))
  }

  // Any page of the origin can write to a journal, and a disk can damage it: what cannot be read stays, and holds up
  // nothing else.
  async #entriesOf({ name, journal }: Held): Promise<JournalEntry[]> {
    try {
      const entries = await journal.entries()
      const valid = entries.filter(isEntry)
      if (valid.length < entries.length) this.#tellUnreadable(name, `${entries.length - valid.length} are damaged`)
      return valid
    } catch (error) {
      this.#tellUnreadable(name, faultOf(error).message)
      return []
    }
  }

  #tellUnreadable(name: string, why: string): void {
    if (this.#unreadable.has(name)) return
    this.#unreadable.add(name)
    this.#onFault(fault('corrupt', `Events in the journal of a closed tab cannot be read: ${why}.`))
  }
}

function isEntry(entry: unknown): entry is JournalEntry {
  return isColumns((entry as JournalEntry | null)?.columns)
}

interface Held {
  name: string
  journal: Journal
  isShared: boolean
  release: () => void
}
