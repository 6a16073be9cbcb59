import type { Turns } from '../core/turns.js'
import type { Fold } from '../fold/fold.js'
import type { LogMark, ProjectionId } from '../protocol/checkpoint.js'
import type { Connection } from './connection.js'

/** What is folded again from a checkpoint on takes no longer than so many small events do … */
const EVERY_EVENTS = 16_384

/** … or, where events are large or few of those read are folded, than so much of the tab's own work. */
const EVERY_MS = 50
const AT_LEAST_EVENTS = 512

/** Copying states is not to become the greater part of the work. */
const WORK_PER_COPY = 4

/** Leaves checkpoints on the way of a fold, as long as the writer keeps them. */
export class CheckpointKeeper {
  readonly #connection: Connection
  readonly #id: ProjectionId
  readonly #turns: Turns
  #mark: LogMark | null
  #replayed = 0
  #workMs = 0
  #copyMs = 0
  #keeping: Promise<void> = Promise.resolve()

  constructor(connection: Connection, id: ProjectionId, mark: LogMark | null, turns: Turns) {
    this.#connection = connection
    this.#id = id
    this.#mark = mark
    this.#turns = turns
  }

  /** Some more events are folded: every one up to the fold's. */
  async passed<S>(fold: Fold<S>): Promise<void> {
    if (this.#mark === null || !this.#isDue(fold.replayed - this.#replayed)) return
    const mark = this.#mark
    const checkpoint = this.#copy(fold)
    if (checkpoint === null) return
    this.#replayed = fold.replayed
    this.#workMs = this.#turns.workMs
    await this.#turns.waiting(this.#keeping)
    this.#keeping = this.#connection.call('keepCheckpoint', this.#id, checkpoint, mark).then(
      (kept) => {
        if (!kept) this.#mark = null
      },
      // What cannot be kept is folded again.
      () => {
        this.#mark = null
      },
    )
  }

  settled(): Promise<void> {
    return this.#keeping
  }

  #isDue(events: number): boolean {
    const workMs = this.#turns.workMs - this.#workMs
    if (workMs < WORK_PER_COPY * this.#copyMs) return false
    return events >= EVERY_EVENTS || (events >= AT_LEAST_EVENTS && workMs >= EVERY_MS)
  }

  // A state that cannot be copied here may well be another by the time it is asked for.
  #copy<S>(fold: Fold<S>): { end: number; sequence: number; state: S } | null {
    const startedAt = performance.now()
    try {
      return { end: fold.sequence + 1, sequence: fold.sequence, state: fold.copy() }
    } catch {
      this.#mark = null
      return null
    } finally {
      this.#copyMs = performance.now() - startedAt
    }
  }
}
