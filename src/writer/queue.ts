import type { Deferred } from '../core/deferred.js'
import type { Receipt } from '../core/event.js'
import type { Submitted } from '../log/append.js'

export interface PendingBatch extends Submitted {
  bytes: number
  durability: 'relaxed' | 'strict'
  /** Settles when the batch is committed or refused for good. */
  done: Deferred<Receipt | null>
  /** Settles when it is, or when an attempt to commit it failed; then there is a new one for the next attempt. */
  attempt: Deferred<void>
}

/** Work that must come after everything submitted before it and before everything after. */
export interface PendingTask {
  task: () => Promise<void>
  attempt: Deferred<void>
}

/** What is submitted and not yet committed, in order. */
export class Queue {
  events = 0
  bytes = 0
  #pending: (PendingBatch | PendingTask)[] = []

  get length(): number {
    return this.#pending.length
  }

  /** The attempts under way or to come. */
  attempts(): Promise<void>[] {
    return this.#pending.map((pending) => pending.attempt.promise)
  }

  push(pending: PendingBatch | PendingTask): void {
    this.#pending.push(pending)
    if (!isTask(pending)) this.#count([pending], 1)
  }

  /** The task at the front, if there is one. */
  takeTask(): PendingTask | null {
    const front = this.#pending[0]
    if (front === undefined || !isTask(front)) return null
    this.#pending.shift()
    return front
  }

  hasTaskInFront(): boolean {
    return this.#pending.length > 0 && isTask(this.#pending[0]!)
  }

  /** Takes whole batches from the front, until they make up `bytes` or a task comes. */
  takeBatches(bytes: number): PendingBatch[] {
    const batches: PendingBatch[] = []
    let taken = 0
    for (const pending of this.#pending) {
      if (isTask(pending) || (batches.length > 0 && taken >= bytes)) break
      batches.push(pending)
      taken += pending.bytes
    }
    this.#pending = this.#pending.slice(batches.length)
    this.#count(batches, -1)
    return batches
  }

  /** Puts batches that could not be committed back to the front, in their order. */
  putBack(batches: readonly PendingBatch[]): void {
    this.#pending = [...batches, ...this.#pending]
    this.#count(batches, 1)
  }

  #count(batches: readonly PendingBatch[], sign: 1 | -1): void {
    for (const batch of batches) {
      this.events += sign * batch.columns.count
      this.bytes += sign * batch.bytes
    }
  }
}

function isTask(pending: PendingBatch | PendingTask): pending is PendingTask {
  return 'task' in pending
}
