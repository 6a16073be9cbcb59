import type { EventColumns } from '../codec/columns.js'
import { invalidArgument } from '../core/fault.js'
import type { Command } from '../log/commands.js'
import type { CheckpointQuery } from '../protocol/checkpoint.js'
import type { CounterCommand, CounterQuestion } from '../protocol/counters.js'
import type { EventFilter } from '../protocol/event-filter.js'
import type { NamedOptions, ReadPage, ReadRequest, Submission, Writer } from '../protocol/writer-api.js'
import type { TimelineRequest } from '../protocol/timeline.js'
import { Search, type PanelFinder } from './search.js'
import { WholeLog } from './whole-log.js'
import type { StoreWriter } from './writer.js'

/** A panel needs one or two; more than this would be forgotten ones. */
const SEARCHES_KEPT = 4

/** One tab at the writer: what it may call, and what must be let go when it dies. */
export class Session implements Writer {
  readonly #writer: StoreWriter
  readonly #producer: string
  readonly #session: string
  readonly #searches = new Map<number, PanelFinder>()
  readonly #onLeft: () => void
  // Begins at random: an id of an earlier session must not name a search of this one.
  #lastSearch = Math.floor(Math.random() * 2 ** 40)
  #left = false

  constructor(writer: StoreWriter, producer: string, session: string, onLeft: () => void) {
    this.#writer = writer
    this.#producer = producer
    this.#session = session
    this.#onLeft = onLeft
  }

  submit(submission: Submission): ReturnType<Writer['submit']> {
    if (submission.columns.producers[0] !== this.#producer) {
      return Promise.reject(invalidArgument('producer', `'${this.#producer}'`, submission.columns.producers[0]))
    }
    return this.#writer.submit(submission, this.#session)
  }

  flush(): Promise<void> {
    return this.#writer.flush()
  }

  async read(request: ReadRequest): Promise<ReadPage> {
    while (true) {
      const committed = this.#writer.committed.next
      const page = await this.#writer.read(request)
      if (!request.wait || page.slices.length > 0 || page.next !== null || this.#left) return page
      if (request.removals !== null && request.removals !== page.removals) return page
      await committed
      request = { ...request, sequences: [Math.max(request.sequences[0], page.head), request.sequences[1]] }
    }
  }

  count(request: ReadRequest): Promise<number> {
    return this.#writer.count(request)
  }

  topics(): ReturnType<Writer['topics']> {
    return this.#writer.topics()
  }

  clear(topic: string | null, seq: number): Promise<void> {
    return this.#writer.clear(topic, this.#command(seq))
  }

  async configure(options: NamedOptions): ReturnType<Writer['configure']> {
    await this.#writer.configure(options)
    return this.#writer.counters.tracked()
  }

  counterAsk(question: CounterQuestion, args: unknown[]): Promise<unknown> {
    return this.#writer.counters.ask(question, args)
  }

  counterDo(command: CounterCommand, args: unknown[], seq: number): Promise<unknown> {
    return this.#writer.counters.do(command, args, this.#command(seq))
  }

  erase(request: ReadRequest, seq: number): Promise<number> {
    return this.#writer.erase(request, this.#command(seq))
  }

  importEvents(columns: EventColumns, isLast: boolean): ReturnType<Writer['importEvents']> {
    return this.#writer.importEvents(columns, isLast)
  }

  compact(): ReturnType<Writer['compact']> {
    return this.#writer.compact()
  }

  snapshotOpen(at: number | null, topics: readonly string[] | null): ReturnType<Writer['snapshotOpen']> {
    return this.#writer.takeSnapshot(this.#producer, at, topics)
  }

  snapshotInfo(id: string): ReturnType<Writer['snapshotInfo']> {
    return this.#writer.log.snapshotInfo(id)
  }

  snapshotClose(id: string): Promise<void> {
    return this.#writer.log.dropSnapshots((snapshot) => snapshot.id === id)
  }

  checkpoint(query: CheckpointQuery): ReturnType<Writer['checkpoint']> {
    return this.#writer.log.findCheckpoint(query)
  }

  keepCheckpoint(...kept: Parameters<Writer['keepCheckpoint']>): Promise<boolean> {
    return this.#writer.log.keepCheckpoint(...kept)
  }

  recover(bursts: Parameters<Writer['recover']>[0]): Promise<void> {
    return this.#writer.recover(bursts, this.#producer)
  }

  witness(): ReturnType<Writer['witness']> {
    return this.#writer.witness()
  }

  faults(after: number): ReturnType<Writer['faults']> {
    return this.#writer.newerFaults(after, () => this.#left)
  }

  metrics(tally: Submission['tally']): ReturnType<Writer['metrics']> {
    return this.#writer.metrics(tally)
  }

  health(): ReturnType<Writer['health']> {
    return this.#writer.health()
  }

  overview(): ReturnType<Writer['overview']> {
    return this.#writer.overview()
  }

  timeline(request: TimelineRequest): ReturnType<Writer['timeline']> {
    return this.#writer.timeline(this, request)
  }

  async searchOpen(filter: EventFilter): Promise<number> {
    const id = ++this.#lastSearch
    this.#searches.set(id, this.#finder(filter))
    for (const [oldest, search] of this.#searches) {
      if (this.#searches.size <= SEARCHES_KEPT) break
      search.close()
      this.#searches.delete(oldest)
    }
    return id
  }

  #finder(filter: EventFilter): PanelFinder {
    const isFlooded = (): boolean => this.#writer.isFlooded
    if (filter.all.length > 0) return new Search(this.#writer.log, filter, isFlooded)
    return new WholeLog(this.#writer.log, (request) => this.timeline(request), isFlooded)
  }

  async searchProgress(search: number, after: number): ReturnType<Writer['searchProgress']> {
    return (await this.#searches.get(search)?.progress(after)) ?? null
  }

  async searchRows(search: number, first: number, count: number): ReturnType<Writer['searchRows']> {
    return this.#searches.get(search)?.rows(first, count) ?? []
  }

  async searchRank(search: number, sequence: number): Promise<number> {
    return (await this.#searches.get(search)?.rank(sequence)) ?? 0
  }

  async searchHistogram(search: number, since: number, until: number, buckets: number): Promise<Uint32Array> {
    return (await this.#searches.get(search)?.histogram(since, until, buckets)) ?? new Uint32Array(buckets)
  }

  async searchClose(search: number): Promise<void> {
    this.#searches.get(search)?.close()
    this.#searches.delete(search)
  }

  async bye(): Promise<void> {
    this.leave()
  }

  #command(seq: number): Command {
    return { producer: this.#producer, session: this.#session, seq }
  }

  follow(): void {
    for (const search of this.#searches.values()) search.follow()
  }

  /** The tab is gone for good: what it left in its journal is stored, what was kept for it is let go. */
  async die(): Promise<void> {
    if (this.#left) return
    try {
      await this.#writer.takeOver()
      await this.#writer.log.dropSnapshots(({ producer }) => producer === this.#producer)
      await this.#writer.log.counters.letGoWhere(({ producer }) => producer === this.#producer)
    } catch {
      // The next writer finds all of it.
    }
    this.leave()
  }

  /** Nothing waits for the tab any more. */
  leave(): void {
    if (this.#left) return
    this.#left = true
    for (const search of this.#searches.values()) search.close()
    this.#searches.clear()
    this.#onLeft()
  }
}
