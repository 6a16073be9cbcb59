import type { EventColumns } from '../codec/columns.js'
import type { Receipt, TopicInfo } from '../core/event.js'
import type { Fault } from '../core/fault.js'
import {
  type ReadPage,
  type ReadRequest,
  type SegmentSlice,
  type SnapshotInfo,
  type Witness,
} from '../protocol/writer-api.js'
import type { Checkpoint, CheckpointQuery, FoundCheckpoint, LogMark, ProjectionId } from '../protocol/checkpoint.js'
import { toOutcome, type Outcome } from '../protocol/outcome.js'
import { appendBatches, topicsWithIds } from './append.js'
import type { Appended, Submitted } from './submitted.js'
import { CHECKPOINT_STORES, findCheckpoint, keepCheckpoint } from './checkpoints.js'
import type { Uncounted } from './counter-book.js'
import { CounterTransactions } from './counter-transactions.js'
import { LogCounters } from './counters.js'
import { Counting } from './counting.js'
import { clearTopics } from './clear.js'
import { isDone, type Command } from './commands.js'
import { compactStep, type CompactPolicy } from './compact.js'
import {
  LOG_STORES,
  type Head,
  type LogDatabase,
  type LogStore,
  type SegmentEntry,
  type SnapshotRow,
  type TopicRow,
} from './database.js'
import { Damage } from './damage.js'
import { earlierReceipt } from './earlier-receipt.js'
import { eraseRows } from './erase.js'
import { importBatch, type Imported } from './import.js'
import { loadIds } from './load-ids.js'
import { isHead, LogState } from './log-memory.js'
import { mending } from './mending-database.js'
import { PresentEvents } from './present-events.js'
import { countRows, pickRows, READ_STORES, readPage, sequencesOf, type Reading } from './read.js'
import { applyRetention, type RetentionPolicy } from './retention.js'
import { infoOf, viewOf } from './snapshot-view.js'
import { dropSnapshots, findSnapshot, takeSnapshot, type SnapshotRequest } from './snapshots.js'
import { topicInfos } from './topic-infos.js'
import { Transactions, type LogEvents } from './transactions.js'
import { tryAgain } from './try-again.js'
import { checkWitness, lossSince } from './witness.js'

const APPEND_STORES: readonly LogStore[] = ['head', 'topics', 'producers', 'segments', 'index', 'counters']

export interface Committed {
  /** One per batch, in order. */
  outcomes: Outcome<Receipt | null>[]
  events: number
  duplicates: number
  hasCounted: boolean
  uncounted: Uncounted
}

export interface Described {
  head: Head
  entries: readonly SegmentEntry[]
  /** By name. */
  topics: ReadonlyMap<string, TopicRow>
}

/** What the transaction tells on its way. */
export interface AppendEvents {
  /** Its turn has come: may throw to give it up. */
  turn(): void
  /** These are in the log already, whatever becomes of the transaction. */
  known(batches: ReadonlySet<Submitted>): void
}

/** What a commit needed to know was not in memory (any more): nothing was written, try again. */
export class StaleMemory extends Error {}

/** The ordered log in its database. Any number of them, in any number of contexts, may work on one database. */
export class Log {
  readonly #database: LogDatabase
  readonly #state: LogState
  readonly #transactions: Transactions
  readonly #damage: Damage
  readonly #reading: Reading
  readonly #counting: CounterTransactions
  readonly counters: LogCounters
  #present: PresentEvents | null = null
  #beginning: Promise<void> = Promise.resolve()

  constructor(
    database: LogDatabase,
    on: LogEvents = { fault: () => {}, changed: () => {} },
    counting: Counting = new Counting(),
  ) {
    this.#database = mending(database, () => this.#damage.mend(database))
    this.#state = new LogState(() => void this.#transactions.makeGood())
    this.#transactions = new Transactions(this.#database, this.#state, on)
    this.#damage = new Damage(this.#transactions, this.#state, on)
    database.onDeleted = () => this.#state.deleted()
    this.#reading = {
      database: this.#database,
      state: this.#state,
      onDamaged: (entry, error) => void this.#damage.setAside(entry, error),
    }
    const onDamaged = (ids: readonly string[]): void => this.#damage.counters(ids)
    this.#counting = new CounterTransactions(counting, this.#reading, this.#transactions, onDamaged)
    this.counters = new LogCounters(this.#counting)
  }

  /** How often damage was put right since this log was opened. */
  get repairs(): number {
    return this.#damage.repairs
  }

  get kind(): LogDatabase['kind'] {
    return this.#database.kind
  }

  /** Why nothing may be written; null when it may, as far as is known. */
  get refusal(): Fault | null {
    return this.#state.refusal?.fault ?? null
  }

  /** As of the last transaction; null before the first. */
  get head(): Head | null {
    return this.#state.head
  }

  // Resolves after the commit; when it rejects, nothing of any batch was written. Commits happen in the order of the
  // calls.
  async append(
    batches: readonly Submitted[],
    durability: 'relaxed' | 'strict',
    { turn = () => {}, known = () => {} }: Partial<AppendEvents> = {},
  ): Promise<Committed> {
    const named = topicsWithIds(batches)
    const before = this.#beginning
    let begun!: () => void
    this.#beginning = new Promise((resolve) => {
      begun = resolve
    })
    try {
      await before
      await loadIds(this.#reading, named)
      const appended = this.#transactions.writeOnce(APPEND_STORES, durability, (tx, memory) => {
        turn()
        if (named.some((topic) => !memory.ids.has(topic))) throw new StaleMemory('Ids were forgotten')
        return appendBatches(tx, memory, batches, this.#counting.counting, known)
      })
      begun()
      const committed = await this.#answer(await appended)
      const { damaged } = committed.uncounted
      if (damaged.length > 0) {
        this.#damage.counters(damaged)
        // What fails is done before the next question is answered.
        this.#counting.recount().catch(() => {})
      }
      return committed
    } finally {
      begun()
    }
  }

  /** A command is done once. */
  clear(topic: string | null, command: Command | null = null): Promise<void> {
    return this.#transactions.free(async (tx, memory) => {
      if (command && (await isDone(tx, memory, command))) return
      await clearTopics(tx, memory, topic, command)
    })
  }

  /** Removes matching events for good; returns how many of them could be read. A command is done once. */
  async erase(request: ReadRequest, command: Command | null = null): Promise<number> {
    const only = request.limit === Infinity ? null : await sequencesOf(this.#reading, request)
    return eraseRows(this.#database, this.#state, { request, only, command }, (work) => this.#damage.step(work))
  }

  /** Finds out what is here, as far as that takes long: call it before `importBlock`, whose turn keeps others waiting. */
  async prepareImport(): Promise<void> {
    this.#present ??= new PresentEvents()
    await this.#present.catchUp(this.#reading)
  }

  /** Stores events of an export that are not here yet. What it remembers of the log is let go after the last batch. */
  async importBlock(columns: EventColumns, isLast: boolean): Promise<Imported> {
    const present = (this.#present ??= new PresentEvents())
    const named = topicsWithIds([{ columns }])
    for (;;) {
      await loadIds(this.#reading, named)
      const stored = await this.#transactions.write(APPEND_STORES, 'relaxed', async (tx, memory) => {
        if (named.some((topic) => !memory.ids.has(topic))) return null
        return importBatch(tx, memory, present, columns)
      })
      if (stored !== null) {
        present.committed(stored.columns, stored.nextSequence)
        if (isLast) this.#present = null
        const { events, skipped, topics } = stored
        return { events, skipped, topics }
      }
      await present.catchUp(this.#reading)
    }
  }

  /** Lets the oldest events go; returns how many. */
  retain(policy: RetentionPolicy, now: number): Promise<number> {
    return this.#transactions.free((tx, memory) => applyRetention(tx, memory, policy, now))
  }

  /** One bounded step; false when there is nothing to do. */
  compactStep(policy: CompactPolicy): Promise<boolean> {
    return this.#damage.step(() => compactStep(this.#database, this.#state, policy))
  }

  async readPage(request: ReadRequest): Promise<ReadPage> {
    const { view, within } = await viewOf(this.#database, request)
    return readPage(this.#reading, within, view)
  }

  async count(request: ReadRequest): Promise<number> {
    const { view, within } = await viewOf(this.#database, request)
    if (view || !isPlain(within)) return countRows(this.#reading, within, view)
    const topics = await this.topics()
    const counted = topics.filter(({ name }) => within.topics === null || within.topics.includes(name))
    return Math.min(
      within.limit,
      counted.reduce((sum, { count }) => sum + count, 0),
    )
  }

  /** The rows that hold these sequences (rising). */
  pick(sequences: Float64Array): Promise<SegmentSlice[]> {
    return pickRows(this.#reading, sequences)
  }

  topics(): Promise<TopicInfo[]> {
    return this.#database.read(READ_STORES, async (tx) => {
      const memory = await this.#state.synchronize(tx)
      const rows = await memory.allTopics(tx)
      return topicInfos(new Map(rows.map((row) => [row.name, row])))
    })
  }

  /** What is known of the segments that reach to this sequence or beyond it, and what of them can be read. */
  describeFrom(sequence: number): Promise<Described> {
    return this.#database.read(READ_STORES, async (tx) => {
      const memory = await this.#state.synchronize(tx)
      await memory.allTopics(tx)
      await memory.index.loadUntil(tx, (oldest) => oldest.first <= sequence)
      const { entries } = memory.index
      let from = entries.length
      while (from > 0 && entries[from - 1]!.last >= sequence) from--
      return { head: memory.head, entries: entries.slice(from), topics: new Map(memory.topics) }
    })
  }

  /** The names of all event types stored. */
  types(): Promise<string[]> {
    return this.#database.read(READ_STORES, async (tx) => {
      const { index } = await this.#state.synchronize(tx)
      await index.loadAll(tx)
      return [...new Set(index.entries.flatMap((entry) => entry.types))].sort()
    })
  }

  async takeSnapshot(request: SnapshotRequest): Promise<SnapshotInfo> {
    const row = await this.#damage.step(() => takeSnapshot(this.#database, this.#state, request))
    return infoOf(this.#reading, row)
  }

  async snapshotInfo(id: string): Promise<SnapshotInfo> {
    return infoOf(this.#reading, await findSnapshot(this.#database, id))
  }

  dropSnapshots(isGone: (snapshot: SnapshotRow) => boolean): Promise<void> {
    return this.#damage.step(() => dropSnapshots(this.#database, this.#state, isGone))
  }

  findCheckpoint(query: CheckpointQuery): Promise<FoundCheckpoint> {
    return this.#database.read(CHECKPOINT_STORES, async (tx) =>
      findCheckpoint(tx, await this.#state.synchronize(tx), query),
    )
  }

  keepCheckpoint(projection: ProjectionId, checkpoint: Checkpoint, mark: LogMark): Promise<boolean> {
    return tryAgain(() =>
      this.#database.write(['head', 'checkpoints'], 'relaxed', async (tx) => {
        const head = await tx.get('head', 'head')
        return this.refusal === null && isHead(head) && keepCheckpoint(tx, head, projection, checkpoint, mark)
      }),
    )
  }

  /** What a tab should remember; null while nothing was ever committed. */
  async witness(): Promise<Witness | null> {
    return this.#database.read(READ_STORES, async (tx) => {
      const memory = await this.#state.synchronize(tx)
      const { revision, database, epoch, nextSequence } = memory.head
      if (revision === 0) return null
      const rows = await memory.allTopics(tx)
      return { database, epoch, nextSequence, topics: rows.map(({ name, next }) => [name, next]) }
    })
  }

  checkWitness(witness: Witness): Promise<Fault | null> {
    return this.#transactions.write(LOG_STORES, 'relaxed', (tx, memory) => checkWitness(tx, memory, witness))
  }

  /** What was made good between the witness and the last transaction. */
  lossSince(witness: Witness): Fault | null {
    return this.head && lossSince(this.head, witness)
  }

  /** Commits nothing new: rejects while nothing could be committed. */
  probe(): Promise<void> {
    return this.#transactions.writeOnce(APPEND_STORES, 'relaxed', async (tx, memory) => {
      if (memory.head.revision > 0) tx.put('head', 'head', memory.head)
    })
  }

  /** Learns what others have committed. */
  refresh(): Promise<Head> {
    return this.#database.read(READ_STORES, async (tx) => (await this.#state.synchronize(tx)).head)
  }

  close(): void {
    this.#database.close()
  }

  async #answer({ outcomes, ...counts }: Appended): Promise<Committed> {
    const answered: Committed['outcomes'] = []
    for (const outcome of outcomes) {
      const earlier = outcome.ok && outcome.value && 'fromSeq' in outcome.value ? outcome.value : null
      answered.push(
        earlier ? await toOutcome(() => earlierReceipt(this.#reading, earlier)) : (outcome as Outcome<Receipt | null>),
      )
    }
    return { outcomes: answered, ...counts }
  }
}

// Answered by the topics' own counts.
function isPlain({ types, positions, sequences, times, where }: ReadRequest): boolean {
  return (
    types === null &&
    where.length === 0 &&
    (positions === null || (positions[0] === 0 && positions[1] === Infinity)) &&
    sequences[0] === 0 &&
    sequences[1] === Infinity &&
    times[0] === -Infinity &&
    times[1] === Infinity
  )
}
