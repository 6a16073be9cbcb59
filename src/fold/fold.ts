import { storeError, type StoreError } from '../core/fault.js'
import type { StoredEvent } from '../core/event.js'
import type { Projection } from '../core/projection.js'

/** A state on its way through the events. What it begins with and what it hands out belongs to nobody else. */
export class Fold<S> {
  readonly projection: Projection<S>
  /** Of the newest event folded; -1 before the first. */
  sequence: number
  replayed = 0
  #state: S

  // `from`: what a fold of this very projection came to; it is this one's from now on.
  constructor(projection: Projection<S>, from: { state: unknown; sequence: number } | null) {
    this.projection = projection
    this.sequence = from?.sequence ?? -1
    this.#state = from ? (from.state as S) : this.copyOf(this.#run(() => projection.initial(), 'initial', -1))
  }

  /** What the next event is folded into: not to be handed out. */
  get state(): S {
    return this.#state
  }

  apply(event: StoredEvent): void {
    this.#state = this.#run(() => this.projection.reduce(this.#state, event), 'reduce', event.sequence)
    this.sequence = event.sequence
    this.replayed++
  }

  /** The state as it is now. */
  copy(): S {
    return this.copyOf(this.#state)
  }

  /** Of it, or of a part of it. */
  copyOf<T>(part: T): T {
    try {
      return structuredClone(part)
    } catch (error) {
      throw this.#fault('not-cloneable', 'has a state that cannot be cloned', this.sequence, error)
    }
  }

  #run(work: () => S, method: 'initial' | 'reduce', sequence: number): S {
    try {
      return work()
    } catch (error) {
      throw this.#fault('invalid-argument', `threw in ${method}()`, sequence, error)
    }
  }

  #fault(code: 'invalid-argument' | 'not-cloneable', what: string, sequence: number, cause: unknown): StoreError {
    const { name, version } = this.projection
    const where = sequence < 0 ? 'before the first event' : `at the event with sequence ${sequence}`
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    const message = `Projection '${name}' version ${version} ${what}, ${where} (${reason}).`
    return storeError(code, message, { projection: name, version, sequence }, cause)
  }
}
