import { witnessKey } from '../protocol/names.js'
import type { Witness } from '../protocol/writer-api.js'

// Checksums inside a database cannot see that it was rewound or emptied. So every tab leaves a note of where the log
// stood in localStorage, which browsers keep apart from IndexedDB, and shows it to the writer when it says hello.

/** A note names no more topics than this. */
const TOPICS_KEPT = 200

const EVERY_MS = 1_000

/** Null when there is none, or none that makes sense. */
export function readWitness(store: string): Witness | null {
  try {
    const witness = JSON.parse(localStorage.getItem(witnessKey(store)) ?? 'null') as Witness
    const places = [witness.epoch, witness.nextSequence, ...witness.topics.map(([, next]) => next)]
    const names = [witness.database, ...witness.topics.map(([name]) => name)]
    return places.every(Number.isSafeInteger) && names.every((name) => typeof name === 'string') ? witness : null
  } catch {
    return null
  }
}

export function forgetWitness(store: string): void {
  try {
    localStorage.removeItem(witnessKey(store))
  } catch {
    // There is none: a sandboxed frame, Node.
  }
}

/** Keeps the note up to date while the tab writes. */
export class WitnessKeeper {
  readonly #store: string
  readonly #ask: () => Promise<Witness | null>
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(store: string, ask: () => Promise<Witness | null>) {
    this.#store = store
    this.#ask = ask
  }

  /** Something was committed. */
  wake(): void {
    if (this.#timer !== null || typeof localStorage === 'undefined') return
    this.#timer = setTimeout(() => {
      this.#timer = null
      void this.note()
    }, EVERY_MS)
  }

  /** Writes the note now, if one is due. A log that cannot be asked leaves the old note, which stays true. */
  async settle(): Promise<void> {
    if (this.#timer === null) return
    clearTimeout(this.#timer)
    this.#timer = null
    await this.note()
  }

  async note(): Promise<void> {
    try {
      const witness = await this.#ask()
      if (witness === null) return
      const noted: Witness = { ...witness, topics: witness.topics.slice(0, TOPICS_KEPT) }
      localStorage.setItem(witnessKey(this.#store), JSON.stringify(noted))
    } catch {}
  }
}
