import { deferred, type Deferred } from '../core/deferred.js'
import type { Fault } from '../core/fault.js'

/** A slow reader keeps this many of the newest. */
const FAULTS_KEPT = 100

/**
 * Faults that no promise carries, for whoever listens and whoever reads. What comes before anyone does, the first to
 * listen hears, and the first to read reads.
 */
export class FaultFeed implements AsyncIterable<Fault> {
  readonly #readers = new Set<Reader>()
  readonly #listeners = new Set<(fault: Fault) => void>()
  #unread: Fault[] = []
  #unheard: Fault[] = []
  #recent: Fault[] = []
  #closed = false

  /** The newest of all, whoever heard them. */
  get recent(): readonly Fault[] {
    return this.#recent
  }

  report(fault: Fault): void {
    this.#recent = [...this.#recent, fault].slice(-FAULTS_KEPT)
    if (this.#readers.size === 0) this.#unread = [...this.#unread, fault].slice(-FAULTS_KEPT)
    if (this.#listeners.size === 0) this.#unheard = [...this.#unheard, fault].slice(-FAULTS_KEPT)
    for (const listener of this.#listeners) tell(listener, fault)
    for (const reader of this.#readers) {
      reader.faults.push(fault)
      if (reader.faults.length > FAULTS_KEPT) reader.faults.shift()
      reader.wake.resolve()
    }
  }

  /** Returns how to stop. */
  listen(listener: (fault: Fault) => void): () => void {
    this.#listeners.add(listener)
    for (const fault of this.#unheard.splice(0)) tell(listener, fault)
    return () => this.#listeners.delete(listener)
  }

  close(): void {
    this.#closed = true
    for (const reader of this.#readers) reader.wake.resolve()
  }

  // A reader hears from the moment it asks for the iterator on.
  [Symbol.asyncIterator](): AsyncIterator<Fault, undefined> {
    const reader: Reader = { faults: this.#unread, wake: deferred() }
    this.#unread = []
    this.#readers.add(reader)
    return {
      next: async () => {
        while (reader.faults.length === 0 && !this.#closed) {
          await reader.wake.promise
          reader.wake = deferred()
        }
        const fault = reader.faults.shift()
        return fault === undefined ? { done: true, value: undefined } : { done: false, value: fault }
      },
      return: async () => {
        this.#readers.delete(reader)
        return { done: true, value: undefined }
      },
    }
  }
}

interface Reader {
  faults: Fault[]
  wake: Deferred<void>
}

// Whatever a listener throws is its own: nobody else hears less for it.
function tell(listener: (fault: Fault) => void, fault: Fault): void {
  try {
    listener(fault)
  } catch (error) {
    if (typeof reportError === 'function') reportError(error)
  }
}
