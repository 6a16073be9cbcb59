import type { EventColumns } from '../codec/columns.js'
import { eventCount } from '../codec/segment.js'
import type { Receipt } from '../core/event.js'
import { systemClock, type Clock } from '../core/clock.js'
import { storeError, type Fault } from '../core/fault.js'
import { randomId } from '../core/ids.js'
import type { CompactReport, Metrics } from '../core/health.js'
import { Signal } from '../core/signal.js'
import { Log } from '../log/log.js'
import type { JournalEntry } from '../log/journal.js'
import type { Command } from '../log/commands.js'
import type { LogDatabase } from '../log/database.js'
import type { Imported } from '../log/import.js'
import { fromOutcome, toOutcome, type Outcome } from '../protocol/outcome.js'
import type { PanelOverview } from '../protocol/panel-source.js'
import type { TimelinePart, TimelineRequest } from '../protocol/timeline.js'
import type {
  ReadPage,
  ReadRequest,
  SnapshotInfo,
  Submission,
  Tally,
  Witness,
  WriterHealth,
  NamedOptions,
} from '../protocol/writer-api.js'
import { Counting } from '../log/counting.js'
import { openCommitChannel } from './commit-channel.js'
import { CounterDesk } from './counter-desk.js'
import { FaultLog } from './fault-log.js'
import { Flusher } from './flusher.js'
import { Recovery } from './recovery.js'
import { Maintenance } from './maintenance.js'
import { WriterMetrics } from './metrics.js'
import { Session } from './session.js'
import { Settings } from './settings.js'
import { storageEstimate } from './storage-estimate.js'
import { Timelines } from './timeline.js'

const FLOOD_EVENTS = 2048

/**
 * One store's writer: the append queue of all its tabs, and the answers to what they ask. Any number of writers may
 * work on one database; they tell each other of commits, and the database keeps them in order.
 */
export class StoreWriter {
  readonly id = randomId()
  readonly store: string
  readonly log: Log
  readonly counters: CounterDesk
  readonly committed = new Signal()
  readonly #metrics = new WriterMetrics()
  readonly #settings = new Settings()
  readonly #flusher: Flusher
  readonly #maintenance: Maintenance
  readonly #faults = new FaultLog()
  readonly #recovery: Recovery | null
  readonly #timelines: Timelines
  readonly #sessions = new Set<Session>()
  /** Events that were submitted and are neither committed nor refused. */
  #pending = 0
  readonly #channel: BroadcastChannel | null
  readonly #closing = new AbortController()
  readonly #now: () => number

  constructor(store: string, database: LogDatabase, clock: Clock = systemClock) {
    this.store = store
    const events = { fault: (fault: Fault) => this.#faults.report(fault), changed: () => this.#announce() }
    this.log = new Log(database, events, new Counting(clock))
    this.#flusher = new Flusher(this.log, this.#metrics, this.#settings, {
      commit: () => {
        this.#maintenance.wake()
        this.#announce()
      },
      fault: (fault) => this.#faults.report(fault),
      full: () => this.#makeRoom(),
    })
    this.counters = new CounterDesk(this.log.counters, this.#flusher)
    this.#recovery =
      database.kind === 'memory'
        ? null
        : new Recovery(store, this.#flusher, this.closed, (fault) => this.#faults.report(fault))
    this.#timelines = new Timelines(this.log, () => this.isFlooded)
    this.#now = () => clock.now()
    this.#maintenance = new Maintenance(this.log, this.#flusher, this.#settings, this.#now)
    this.#channel = database.kind === 'indexeddb' ? openCommitChannel(store, () => this.#notice()) : null
  }

  /** Aborted once the writer has stopped for good. */
  get closed(): AbortSignal {
    return this.#closing.signal
  }

  /** More waits than commits keep up with: who only looks had better wait too. */
  get isFlooded(): boolean {
    return this.#pending >= FLOOD_EVENTS
  }

  get sessions(): number {
    return this.#sessions.size
  }

  /** `onLeft` is called once, when the session is over. */
  join(producer: string, session: string, onLeft: () => void): Session {
    const joined = new Session(this, producer, session, () => {
      this.#left(joined)
      onLeft()
    })
    this.#sessions.add(joined)
    return joined
  }

  #left(session: Session): void {
    this.#sessions.delete(session)
    this.#timelines.forget(session)
    this.#faults.wake()
    // What the session waits for ends with it.
    this.committed.fire()
  }

  async configure(options: NamedOptions): Promise<void> {
    this.#settings.name(options)
    this.#maintenance.wake()
    const { at, counters } = options
    if (counters) await this.counters.configure({ at, options: counters })
  }

  submit(submission: Submission, session: string): Promise<Receipt | null> {
    if (this.closed.aborted)
      return Promise.reject(storeError('closed', `Store '${this.store}' was deleted: open it again.`))
    if (submission.tally) this.#metrics.add(submission.tally)
    const { columns, append, limit, durability } = submission
    const stored = (): Promise<Receipt | null> => {
      const done = this.#flusher.submit({ columns, append, limit, session }, durability)
      this.#countPending(columns.count, done)
      return done
    }
    if (limit && 'plan' in limit) this.counters.limits.note(limit.plan)
    return limit ? this.counters.unlessDead(stored) : stored()
  }

  // Who is woken by the commit itself finds its events counted off: both are one turn after it, this first.
  #countPending(events: number, done: Promise<unknown>): void {
    const settled = (): void => {
      this.#pending -= events
    }
    this.#pending += events
    done.then(settled, settled)
  }

  flush(): Promise<void> {
    return this.#flusher.flush()
  }

  async read(request: ReadRequest): Promise<ReadPage> {
    await this.#settle()
    const startedAt = performance.now()
    const page = await this.log.readPage(request)
    const events = page.slices.reduce((sum, slice) => sum + (slice.rows?.length ?? eventCount(slice.bytes)), 0)
    this.#metrics.read(events, performance.now() - startedAt)
    return page
  }

  async count(request: ReadRequest): Promise<number> {
    await this.#settle()
    return this.log.count(request)
  }

  async topics(): ReturnType<Log['topics']> {
    await this.#settle()
    return this.log.topics()
  }

  async clear(topic: string | null, command: Command): Promise<void> {
    await this.#flusher.inTurn((isEarly) => this.log.clear(topic, { ...command, isEarly }), { frees: true })
    this.#announce()
  }

  async erase(request: ReadRequest, command: Command): Promise<number> {
    let erased = 0
    const erase = async (isEarly: boolean): Promise<void> => {
      erased += await this.log.erase(request, { ...command, isEarly })
    }
    await this.#flusher.inTurn(erase, { frees: true })
    this.#announce()
    return erased
  }

  // In turn, so that nothing recorded meanwhile is lost or overtaken; its failure is its own.
  async importEvents(columns: EventColumns, isLast: boolean): Promise<Imported> {
    await this.log.prepareImport()
    let outcome!: Outcome<Imported>
    const store = async (): Promise<void> => {
      const startedAt = performance.now()
      outcome = await toOutcome(() => this.log.importBlock(columns, isLast))
      if (!outcome.ok) return
      this.#metrics.committed(outcome.value.events, outcome.value.skipped, performance.now() - startedAt)
    }
    await this.#flusher.inTurn(store, { frees: false })
    const imported = fromOutcome(outcome)
    this.#maintenance.wake()
    this.#announce()
    return imported
  }

  async compact(): Promise<CompactReport> {
    await this.#settle()
    const report = await this.#maintenance.compact()
    this.#announce()
    return report
  }

  async takeSnapshot(producer: string, at: number | null, topics: readonly string[] | null): Promise<SnapshotInfo> {
    await this.#settle()
    return this.log.takeSnapshot({ id: randomId(), producer, takenAt: Date.now(), at, topics })
  }

  async witness(): Promise<Witness | null> {
    return this.log.kind === 'memory' ? null : this.log.witness()
  }

  /** Compares the log with what a tab remembers of it; answers with what was lost. */
  async check(witness: Witness): Promise<Fault | null> {
    if (this.log.kind === 'memory' || this.log.refusal !== null) return null
    const before = this.#faults.last
    const lost = await this.log.checkWitness(witness)
    if (lost) this.#faults.report(lost)
    // Where this writer knew more than the tab, it has found the loss by that.
    return this.#faults.since(before, 'storage-lost') ?? this.log.lossSince(witness)
  }

  /** Brings what tabs that are gone left in their journals into the log. */
  async takeOver(ownProducer = ''): Promise<void> {
    await this.#recovery?.tryRecover(ownProducer)
  }

  /** The same, and what such a tab spilled with it. */
  async recover(spilled: readonly JournalEntry[], ownProducer: string): Promise<void> {
    await this.#recovery?.recover(ownProducer, spilled)
  }

  /** A fault that no answer carries. */
  report(fault: Fault): void {
    this.#faults.report(fault)
  }

  newerFaults(after: number, isOver: () => boolean): ReturnType<FaultLog['newer']> {
    return this.#faults.newer(after, isOver)
  }

  async metrics(tally: Tally | null): Promise<Metrics> {
    if (tally) this.#metrics.add(tally)
    await this.#settle()
    const head = await this.log.refresh()
    const { writes, reads, batches, errors, duplicates, lateDropped, lastWriteMs, lastReadMs, flushMs, readMs } =
      this.#metrics
    const { events: queued, bytes: queuedBytes } = this.#flusher.queue
    return {
      writes,
      reads,
      batches,
      errors,
      repairs: this.log.repairs,
      ...this.#metrics.tally,
      lateDropped,
      evicted: head.evicted,
      duplicates,
      lastWriteMs,
      lastReadMs,
      flushMs,
      readMs,
      queued,
      queuedBytes,
      segments: head.segments,
      bytes: head.bytes,
      events: head.events,
    }
  }

  async health(): Promise<WriterHealth> {
    const fault = this.log.refusal ?? this.#flusher.fault
    const estimate = await storageEstimate()
    return {
      state: this.closed.aborted
        ? 'stopped'
        : fault === null
          ? 'ok'
          : fault.code === 'incompatible'
            ? 'read-only'
            : 'degraded',
      durability: this.log.kind === 'memory' ? 'memory' : 'relaxed',
      writer: this.id,
      tabs: this.#sessions.size,
      storage: estimate,
      fault,
    }
  }

  async overview(): Promise<PanelOverview> {
    await this.#settle()
    const [topics, types] = [await this.log.topics(), await this.log.types()]
    const { events, bytes, nextSequence } = await this.log.refresh()
    return { events, bytes, head: nextSequence - 1, topics, types }
  }

  async timeline(asker: object, request: TimelineRequest): Promise<TimelinePart> {
    await this.#settle()
    return this.#timelines.ask(asker, request)
  }

  /** Stops for good; what was not committed stays with its tabs. */
  close(): void {
    this.#closing.abort()
    this.#flusher.close()
    this.#maintenance.close()
    this.#timelines.close()
    this.#channel?.close()
    this.log.close()
    this.committed.fire()
  }

  // Reads see what their tab recorded before; when it cannot be committed they see what is.
  #settle(): Promise<void> {
    return this.flush().catch(() => {})
  }

  async #makeRoom(): Promise<boolean> {
    const { retention } = this.#settings
    return retention !== null && (await this.log.retain(retention, this.#now())) > 0
  }

  #announce(): void {
    this.#channel?.postMessage(null)
    this.#notice()
  }

  #notice(): void {
    this.committed.fire()
    for (const session of this.#sessions) session.follow()
  }
}
