import { deferred } from '../core/deferred.js'
import type { Receipt } from '../core/event.js'
import { fault, faultOf, StoreError, storeError, type Fault } from '../core/fault.js'
import type { Submitted } from '../log/submitted.js'
import type { Uncounted } from '../log/counter-book.js'
import { StaleMemory, type Log } from '../log/log.js'
import { heldInTabMs } from '../protocol/hold.js'
import { isPassing } from '../log/try-again.js'
import type { WriterMetrics } from './metrics.js'
import { Outage } from './outage.js'
import type { Settings } from './settings.js'
import { isTask, Queue, type PendingBatch, type PendingTask } from './queue.js'

/** One transaction takes about this much: with half of it events of 1 KB take a tenth longer, with twice it small ones do. */
const COMMIT_BYTES = 2 * 1024 * 1024

/** The next transaction is begun before the last one finished, so that the database never waits for us. */
const IN_FLIGHT = 2

/**
 * Commits what is submitted, in order, in groups: while one commit is under way the next one gathers.
 *
 * - An append starts a commit as soon as the database is free; recorded events wait for `batchSize` of them or for
 *   `batchTimeoutMs`, unless someone flushes.
 * - A commit that fails for a passing reason is tried again a moment later. When it still fails, appends reject, and
 *   recorded events are kept and tried again, ever less often and whenever someone asks for a commit.
 * - Commits never overtake each other: when one fails, those begun after it are put back too.
 * - What cannot be committed because of what it is, and not because of the storage, is refused alone.
 */
export class Flusher {
  readonly queue = new Queue()
  readonly #log: Log
  readonly #metrics: WriterMetrics
  readonly #settings: Settings
  readonly #on: FlusherEvents
  readonly #outage = new Outage()
  readonly #inFlight = new Set<readonly (PendingBatch | PendingTask)[]>()
  #taskRunning = false
  #failures = 0
  /** What was in flight when a commit failed comes back first. */
  #waitForIdle = false
  #oneByOne = 0
  #hurry = false
  #closed = false
  #timer: Timer | null = null
  #retry: Timer | null = null

  constructor(log: Log, metrics: WriterMetrics, settings: Settings, on: FlusherEvents) {
    this.#log = log
    this.#metrics = metrics
    this.#settings = settings
    this.#on = on
  }

  get isCommitting(): boolean {
    return this.#inFlight.size > 0
  }

  /** Why the last commit failed; null after one that did not. */
  get fault(): Fault | null {
    return this.#outage.fault
  }

  submit(batch: Submitted, durability: 'relaxed' | 'strict'): Promise<Receipt | null> {
    if (this.#closed) return Promise.reject(stopped())
    const { columns } = batch
    const bytes = columns.text.length + columns.count * 32
    const done = deferred<Receipt | null>()
    this.queue.push({ ...batch, durability, bytes, done, attempt: deferred(), doubtful: false })
    if (isAwaited(batch)) this.#demand()
    else if (this.queue.events >= this.#settings.batchSize) this.#hurryUp()
    else if (!this.#hurry) this.#startTimer()
    return done.promise
  }

  // Resolves once everything submitted before the call is committed or refused; rejects when an attempt to commit some
  // of it failed.
  async flush(): Promise<void> {
    const inFlight = [...this.#inFlight].flatMap((group) => group.map((pending) => pending.attempt.promise))
    const waiting = [...inFlight, ...this.queue.attempts()]
    if (waiting.length === 0) return
    this.#demand()
    await Promise.all(waiting)
  }

  // Runs `task` after everything submitted before and before everything submitted after. One that `frees` room and may
  // be done twice is also done early, when what comes before it cannot be committed.
  inTurn(task: PendingTask['task'], { frees }: { frees: boolean }): Promise<void> {
    if (this.#closed) return Promise.reject(stopped())
    const attempt = deferred<void>()
    this.queue.push({ task, attempt, frees, wentAhead: false })
    this.#demand()
    return attempt.promise
  }

  /** What waits is refused: the tabs still have it. */
  close(): void {
    this.#closed = true
    this.#clearTimers()
    for (const pending of this.queue.takeAll()) {
      if (!isTask(pending)) pending.done.reject(stopped())
      pending.attempt.reject(stopped())
    }
  }

  // Someone waits for it: storage that failed for long is tried at once.
  #demand(): void {
    if (this.#retry !== null && this.#outage.isLasting) {
      clearTimeout(this.#retry)
      this.#retry = null
    }
    this.#hurryUp()
  }

  #hurryUp(): void {
    this.#hurry = true
    this.#pump()
  }

  #startTimer(): void {
    const { batchTimeoutMs } = this.#settings
    this.#timer ??= setTimeout(
      () => {
        this.#timer = null
        this.#hurryUp()
      },
      batchTimeoutMs - heldInTabMs(batchTimeoutMs),
    )
  }

  #pump(): void {
    while (this.#hurry && this.queue.length > 0 && this.#mayStart()) {
      if (!this.queue.hasTaskInFront()) void this.#commit(this.#takeBatches())
      else if (this.#inFlight.size === 0) void this.#runTask(this.queue.takeTask()!)
      else return
    }
    if (this.queue.length > 0) return
    // Nothing is left that would show when the storage works again.
    if (this.fault !== null && this.#inFlight.size === 0 && !this.#taskRunning) this.#retryLater()
    this.#hurry = false
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  #mayStart(): boolean {
    this.#waitForIdle &&= this.#inFlight.size > 0
    const isFree = this.#inFlight.size < IN_FLIGHT && !this.#waitForIdle
    return isFree && !this.#taskRunning && this.#retry === null && !this.#closed
  }

  #takeBatches(): PendingBatch[] {
    if (this.#oneByOne === 0) return this.queue.takeBatches(COMMIT_BYTES)
    this.#oneByOne--
    return this.queue.takeBatches(0)
  }

  async #runTask(pending: PendingTask): Promise<void> {
    const group = [pending]
    this.#inFlight.add(group)
    this.#taskRunning = true
    try {
      await pending.task(false)
      if (pending.frees) this.#outage.ended()
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
    let wasRead = false
    let known: ReadonlySet<Submitted> = new Set()
    try {
      const { outcomes, events, duplicates, hasCounted, uncounted } = await this.#log.append(batches, durability, {
        turn: () => {
          if (this.#failures !== failuresBefore) throw superseded()
          wasRead = true
        },
        known: (found) => {
          known = found
        },
      })
      this.#metrics.committed(events, duplicates, performance.now() - startedAt)
      this.#metrics.uncounted(uncounted)
      if (uncounted.refused) this.#on.fault(tooManyIds(uncounted.refused))
      this.#inFlight.delete(batches)
      // What was there already needed no room.
      if (events > 0 || hasCounted) this.#outage.ended()
      outcomes.forEach((outcome, at) => {
        if (outcome.ok) batches[at]!.done.resolve(outcome.value)
        else batches[at]!.done.reject(new StoreError(outcome.fault))
        batches[at]!.attempt.resolve()
      })
      this.#on.commit()
    } catch (error) {
      this.#inFlight.delete(batches)
      // Whatever is put back was in a hurry before.
      this.#hurry = true
      if (this.#failures !== failuresBefore) this.queue.putBack(batches)
      else this.#failed(batches, error, wasRead, known)
      if (this.#closed) this.close()
    }
    this.#pump()
  }

  // A transaction that read the log knows which of them are there, whatever became of it then. Those need no room: for
  // them it is asked once more what became of them.
  #failed(all: PendingBatch[], error: unknown, wasRead: boolean, known: ReadonlySet<Submitted>): void {
    this.#failures++
    this.#waitForIdle = true
    const fault = faultOf(error)
    for (const batch of all) {
      batch.doubtful = known.has(batch) || fault['mayBeStored'] === true || (batch.doubtful && !wasRead)
    }
    const batches = known.size < all.length ? all.filter((batch) => !known.has(batch)) : all
    if (batches.length < all.length) void this.#commit(all.filter((batch) => known.has(batch)))
    if (error instanceof StaleMemory) return this.queue.putBack(batches)
    this.#metrics.errors++
    if (!(error instanceof StoreError) && batches.length === 1) return refuse(batches[0]!, error)
    this.queue.putBack(batches)
    if (!(error instanceof StoreError)) {
      this.#oneByOne = batches.length
      return
    }
    this.#outage.failed(fault)
    if (isPassing(error) && !this.#outage.isLasting) this.#retryLater()
    else if (fault.code === 'quota-exceeded' && !this.#outage.triedToMakeRoom) void this.#makeRoom(error)
    else this.#giveUp(error)
  }

  async #makeRoom(error: StoreError): Promise<void> {
    this.#outage.triedToMakeRoom = true
    this.#taskRunning = true
    const made = await this.#on.full().catch(() => false)
    this.#taskRunning = false
    if (!made) this.#giveUp(error)
    this.#pump()
  }

  // For now: nothing overtakes what cannot be committed.
  #giveUp(failure: StoreError): void {
    const refused = new Set<PendingBatch | PendingTask>()
    for (const pending of this.queue) {
      if (isTask(pending) && pending.frees && !pending.wentAhead) continue
      pending.attempt.reject(failure)
      if (isTask(pending)) refused.add(pending)
      else if (!isAwaited(pending)) pending.attempt = deferred()
      else {
        pending.done.reject(pending.doubtful ? inDoubt(failure) : failure)
        refused.add(pending)
      }
    }
    this.queue.drop(refused)
    if (this.queue.events > 0 && this.#outage.isNews(failure.fault)) this.#on.fault(failure.fault)
    const mayHelp = this.queue.tasks()
    if (mayHelp.length > 0) void this.#goAhead(mayHelp)
    else this.#retryLater()
  }

  async #goAhead(tasks: readonly PendingTask[]): Promise<void> {
    this.#taskRunning = true
    for (const pending of tasks) {
      pending.wentAhead = true
      try {
        await pending.task(true)
      } catch (error) {
        pending.attempt.reject(error)
        this.queue.drop(new Set([pending]))
      }
    }
    this.#taskRunning = false
    // Nothing was freed.
    if (this.queue.tasks().length === 0) this.#retryLater()
    this.#pump()
  }

  // The order holds only if nothing else is tried before what failed.
  #retryLater(): void {
    if (this.#closed) return
    this.#retry ??= setTimeout(() => {
      this.#retry = null
      if (this.queue.length > 0) this.#hurryUp()
      else void this.#probe()
    }, this.#outage.nextWaitMs())
    // In Node it would keep the process alive.
    ;(this.#retry as { unref?: () => void }).unref?.()
  }

  async #probe(): Promise<void> {
    this.#taskRunning = true
    try {
      await this.#log.probe()
      this.#outage.ended()
    } catch (error) {
      this.#outage.failed(faultOf(error))
      this.#retryLater()
    }
    this.#taskRunning = false
    this.#pump()
  }

  #clearTimers(): void {
    for (const own of [this.#timer, this.#retry]) if (own !== null) clearTimeout(own)
    this.#timer = null
    this.#retry = null
  }
}

/** What the flusher tells, and asks for. */
export interface FlusherEvents {
  commit(): void
  /** Storage fails, and recorded events wait: nobody else is told. */
  fault(fault: Fault): void
  /** The storage is full: resolves with whether some room was made. */
  full(): Promise<boolean>
}

type Timer = ReturnType<typeof setTimeout>

/** Somebody waits for its answer: it is not kept when it cannot be committed. */
function isAwaited({ append, limit }: Submitted): boolean {
  return append !== null || limit != null
}

function tooManyIds({ times, id, most }: NonNullable<Uncounted['refused']>): Fault {
  const message = `${times} counts of new counters (the last one '${id}') were refused: there are ${most} already. Raise maxIds, or clear some.`
  return fault('limit-exceeded', message, { id, maxIds: most, refused: times })
}

function refuse(batch: PendingBatch, error: unknown): void {
  const failure = new StoreError(faultOf(error, 'invalid-argument'), error)
  batch.done.reject(failure)
  batch.attempt.resolve()
}

function inDoubt(failure: StoreError): StoreError {
  return storeError('outcome-unknown', `${failure.message} An earlier try may have stored it.`, {}, failure)
}

function superseded(): StoreError {
  return storeError('aborted', 'An earlier commit failed: this one waits for it.')
}

function stopped(): StoreError {
  return storeError('closed', 'The writer has stopped: open the store again.')
}
