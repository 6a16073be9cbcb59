import { deferred } from '../core/deferred.js'
import type { Receipt } from '../core/event.js'
import { faultOf, StoreError, storeError, type Fault } from '../core/fault.js'
import type { Submitted } from '../log/append.js'
import { StaleMemory, type Log } from '../log/log.js'
import type { WriterMetrics } from './metrics.js'
import type { Settings } from './settings.js'
import { Queue, type PendingBatch, type PendingTask } from './queue.js'

/** One transaction takes about this much: sixteen segments. */
const COMMIT_BYTES = 1024 * 1024

/** The next transaction is begun before the last one finished, so that the database never waits for us. */
const IN_FLIGHT = 2

const RETRY_FIRST_MS = 50
const RETRY_LAST_MS = 5_000

/**
 * Commits what is submitted, in order, in groups: while one commit is under way the next one gathers.
 *
 * - An append starts a commit as soon as the database is free; recorded events wait for `batchSize` of them or for
 *   `batchTimeoutMs`, unless someone flushes.
 * - A commit that fails takes nothing with it: recorded events go back to the front and are tried again, appends reject.
 * - Commits never overtake each other: when one fails, those begun after it are put back too.
 */
export class Flusher {
  readonly queue = new Queue()
  /** Why the last commit failed; null after one that did not. */
  fault: Fault | null = null
  readonly #log: Log
  readonly #metrics: WriterMetrics
  readonly #settings: Settings
  readonly #onCommit: () => void
  readonly #onFault: (fault: Fault) => void
  readonly #inFlight = new Set<readonly (PendingBatch | PendingTask)[]>()
  #taskRunning = false
  #failures = 0
  #hurry = false
  #timer: ReturnType<typeof setTimeout> | null = null
  #retry: ReturnType<typeof setTimeout> | null = null
  #retryAfterMs = RETRY_FIRST_MS

  /** `onFault` hears of failures that take no append with them. */
  constructor(log: Log, metrics: WriterMetrics, settings: Settings, onCommit: () => void, onFault: (fault: Fault) => void) {
    this.#log = log
    this.#metrics = metrics
    this.#settings = settings
    this.#onCommit = onCommit
    this.#onFault = onFault
  }

  submit(batch: Submitted, durability: 'relaxed' | 'strict'): Promise<Receipt | null> {
    const { columns } = batch
    const bytes = columns.text.length + columns.count * 32
    const pending: PendingBatch = { ...batch, durability, bytes, done: deferred(), attempt: deferred() }
    this.queue.push(pending)
    if (batch.append !== null || this.queue.events >= this.#settings.batchSize) this.#hurryUp()
    else if (!this.#hurry) this.#startTimer()
    return pending.done.promise
  }

  // Resolves once everything submitted before the call is committed or refused; rejects when an attempt to commit some
  // of it failed.
  async flush(): Promise<void> {
    const inFlight = [...this.#inFlight].flatMap((group) => group.map((pending) => pending.attempt.promise))
    const waiting = [...inFlight, ...this.queue.attempts()]
    if (waiting.length === 0) return
    this.#hurryUp()
    await Promise.all(waiting)
  }

  /** Runs `task` after everything submitted before and before everything submitted after. */
  inTurn(task: () => Promise<void>): Promise<void> {
    const pending: PendingTask = { task, attempt: deferred() }
    this.queue.push(pending)
    this.#hurryUp()
    return pending.attempt.promise
  }

  #hurryUp(): void {
    this.#hurry = true
    this.#pump()
  }

  #startTimer(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      this.#hurryUp()
    }, this.#settings.batchTimeoutMs)
  }

  #pump(): void {
    while (this.#hurry && this.queue.length > 0 && this.#mayStart()) {
      if (!this.queue.hasTaskInFront()) void this.#commit(this.queue.takeBatches(COMMIT_BYTES))
      else if (this.#inFlight.size === 0) void this.#runTask(this.queue.takeTask()!)
      else return
    }
    if (this.queue.length > 0) return
    this.#hurry = false
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  #mayStart(): boolean {
    return this.#inFlight.size < IN_FLIGHT && !this.#taskRunning && this.#retry === null
  }

  async #runTask(pending: PendingTask): Promise<void> {
    const group = [pending]
    this.#inFlight.add(group)
    this.#taskRunning = true
    try {
      await pending.task()
      pending.attempt.resolve()
    } catch (error) {
      pending.attempt.reject(error)
    }
    this.#taskRunning = false
    this.#inFlight.delete(group)
    this.#pump()
  }

  async #commit(batches: PendingBatch[]): Promise<void> {
    this.#inFlight.add(batches)
    const failuresBefore = this.#failures
    const startedAt = performance.now()
    const durability = batches.some((batch) => batch.durability === 'strict') ? 'strict' : 'relaxed'
    try {
      const { outcomes, events, duplicates } = await this.#log.append(batches, durability, () => {
        if (this.#failures !== failuresBefore) throw superseded()
      })
      this.#metrics.committed(events, duplicates, performance.now() - startedAt)
      this.#inFlight.delete(batches)
      this.fault = null
      this.#retryAfterMs = RETRY_FIRST_MS
      outcomes.forEach((outcome, at) => {
        if (outcome.ok) batches[at]!.done.resolve(outcome.value)
        else batches[at]!.done.reject(new StoreError(outcome.fault))
        batches[at]!.attempt.resolve()
      })
      this.#onCommit()
    } catch (error) {
      this.#inFlight.delete(batches)
      this.#failed(batches, error, this.#failures !== failuresBefore)
    }
    this.#pump()
  }

  #failed(batches: PendingBatch[], error: unknown, superseded: boolean): void {
    if (superseded) {
      this.queue.putBack(batches)
      return
    }
    this.#failures++
    if (error instanceof StaleMemory) {
      this.queue.putBack(batches)
      return
    }
    this.#metrics.errors++
    this.fault = faultOf(error)
    const failure = new StoreError(this.fault, error)
    const kept = batches.filter((batch) => batch.append === null)
    for (const batch of batches) {
      if (batch.append !== null) batch.done.reject(failure)
      batch.attempt.reject(failure)
      batch.attempt = deferred()
    }
    if (kept.length > 0) this.#onFault(this.fault)
    this.queue.putBack(kept)
    this.#retryLater()
  }

  // The order holds only if nothing else is tried before what failed.
  #retryLater(): void {
    this.#retry ??= setTimeout(() => {
      this.#retry = null
      this.#hurryUp()
    }, this.#retryAfterMs)
    this.#retryAfterMs = Math.min(RETRY_LAST_MS, this.#retryAfterMs * 2)
  }
}

function superseded(): StoreError {
  return storeError('aborted', 'An earlier commit failed: this one waits for it.')
}
