import { deferred, type Deferred } from '../core/deferred.js'
import type { Fault } from '../core/fault.js'

/** A slow reader keeps this many of the newest. */
const FAULTS_KEPT = 100

/** Faults that no promise carries, for whoever listens. What comes before anyone does, the first to listen hears. */
export class FaultFeed implements AsyncIterable<Fault> {
  readonly #readers = new Set<Reader>()
  #early: Fault[] = []
  #recent: Fault[] = []
  #closed = false

  /** The newest of all, whoever heard them. */
  get recent(): readonly Fault[] {
    return this.#recent
  }

  report(fault: Fault): void {
    this.#recent = [...this.#recent, fault].slice(-FAULTS_KEPT)
    if (this.#readers.size === 0) this.#early = [...this.#early, fault].slice(-FAULTS_KEPT)
    for (const reader of this.#readers) {
      reader.faults.push(fault)
      if (reader.faults.length > FAULTS_KEPT) reader.faults.shift()
      reader.wake.resolve()
    }
  }

  close(): void {
    this.#closed = true
    for (const reader of this.#readers) reader.wake.resolve()
  }

  // A reader hears from the moment it asks for the iterator on.
  [Symbol.asyncIterator](): AsyncIterator<Fault, undefined> {
    const reader: Reader = { faults: this.#early, wake: deferred() }
    this.#early = []
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
