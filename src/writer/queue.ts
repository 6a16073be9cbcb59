import type { Deferred } from '../core/deferred.js'
import type { Receipt } from '../core/event.js'
import type { Submitted } from '../log/submitted.js'

export interface PendingBatch extends Submitted {
  bytes: number
  durability: 'relaxed' | 'strict'
  /** Settles when the batch is committed or refused for good. */
  done: Deferred<Receipt | null>
  /** Settles when it is, or when an attempt to commit it failed; then there is a new one for the next attempt. */
  attempt: Deferred<void>
  /** An attempt failed so that it may be stored all the same. */
  doubtful: boolean
  /** Its place in the order of submission. */
  order: number
}

/** Work that must come after everything submitted before it and before everything after. */
export interface PendingTask {
  task: (isEarly: boolean) => Promise<void>
  attempt: Deferred<void>
  /** It makes room, and may be done early and then again: what cannot be committed before it may fit then. */
  frees: boolean
  wentAhead: boolean
  order: number
}

type Unplaced<T> = Omit<T, 'order'>

/** What is submitted and not yet committed, in order. */
export class Queue {
  events = 0
  bytes = 0
  #pending: (PendingBatch | PendingTask)[] = []
  #last = 0

  get length(): number {
    return this.#pending.length
  }

  /** The attempts under way or to come. */
  attempts(): Promise<void>[] {
    return this.#pending.map((pending) => pending.attempt.promise)
  }

  push(unplaced: Unplaced<PendingBatch> | Unplaced<PendingTask>): void {
    const pending = Object.assign(unplaced, { order: ++this.#last }) as PendingBatch | PendingTask
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

  /** Puts batches that could not be committed back to where they were. */
  putBack(batches: readonly PendingBatch[]): void {
    this.#pending = [...this.#pending, ...batches].sort((a, b) => a.order - b.order)
    this.#count(batches, 1)
  }

  [Symbol.iterator](): Iterator<PendingBatch | PendingTask> {
    return this.#pending[Symbol.iterator]()
  }

  tasks(): PendingTask[] {
    return this.#pending.filter(isTask)
  }

  /** Takes them out, wherever they are. */
  drop(dropped: ReadonlySet<PendingBatch | PendingTask>): void {
    this.#count(
      this.#pending.filter((pending): pending is PendingBatch => !isTask(pending) && dropped.has(pending)),
      -1,
    )
    this.#pending = this.#pending.filter((pending) => !dropped.has(pending))
  }

  takeAll(): (PendingBatch | PendingTask)[] {
    const all = this.#pending
    this.drop(new Set(all))
    return all
  }

  #count(batches: readonly PendingBatch[], sign: 1 | -1): void {
    for (const batch of batches) {
      this.events += sign * batch.columns.count
      this.bytes += sign * batch.bytes
    }
  }
}

export function isTask(pending: PendingBatch | PendingTask): pending is PendingTask {
  return 'task' in pending
}
