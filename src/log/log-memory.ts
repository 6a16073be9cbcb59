import { openSegment } from '../codec/decode.js'
import { isCompressed } from '../codec/compress.js'
import { storeError, type Fault, type StoreError } from '../core/fault.js'
import { randomId } from '../core/ids.js'
import { WRITER_VERSION } from '../protocol/version.js'
import {
  NO_COUNTERS,
  type Head,
  type ProducerRow,
  type ReadTransaction,
  type SegmentEntry,
  type TopicRow,
  type WriteTransaction,
} from './database.js'
import { CounterMemory } from './counter-memory.js'
import { HighWater } from './high-water.js'
import { DamagedIndex, SegmentIndex } from './segment-index.js'
import { checkWitness } from './witness.js'
import { idsIn, rememberIds, type IdPlaces } from './ids.js'

export const LOG_FORMAT = 1

/**
 * What a writer remembers of the log as of one revision. Rows are never changed in place, so that who holds one keeps
 * what it saw.
 */
export class LogMemory {
  head: Head
  readonly topics = new Map<string, TopicRow>()
  readonly producers = new Map<string, ProducerRow>()
  readonly index: SegmentIndex
  readonly counters = new CounterMemory()
  /** Of each topic that was asked for: where its newest ids lie. */
  readonly ids: Map<string, IdPlaces>
  #allTopics = false

  constructor(head: Head, index = new SegmentIndex(head.nextSequence), ids = new Map<string, IdPlaces>()) {
    this.head = head
    this.index = index
    this.ids = ids
  }

  async topic(tx: ReadTransaction, name: string): Promise<TopicRow> {
    const known = this.topics.get(name)
    if (known) return known
    const empty: TopicRow = { name, next: 0, first: 0, count: 0, bytes: 0, since: null, until: null }
    const row = (await tx.get('topics', name)) ?? empty
    this.topics.set(name, row)
    return row
  }

  /** After it, `topics` holds every topic there is. */
  async allTopics(tx: ReadTransaction): Promise<TopicRow[]> {
    if (!this.#allTopics) {
      for (const row of await tx.getAll('topics')) {
        if (!this.topics.has(row.name)) this.topics.set(row.name, row)
      }
      this.#allTopics = true
    }
    return [...this.topics.values()].filter((row) => row.next > 0)
  }

  async producer(tx: ReadTransaction, id: string, session: string): Promise<ProducerRow> {
    const known = this.producers.get(id)
    if (known) return known
    const row = (await tx.get('producers', id)) ?? { id, session, lastSeq: -1, gaps: [] }
    this.producers.set(id, row)
    return row
  }
}

/**
 * Keeps the memory true: every transaction begins with `synchronize`, which reads the head. A head that is behind what
 * was committed before says that the browser lost data, or put old data back, under an open log.
 */
export class LogState {
  readonly #onBehind: () => void
  readonly #highWater = new HighWater()
  #memory: LogMemory | null = null
  #lost: Fault | null = null
  #newerSegment: StoreError | null = null

  /** `onBehind` hears of a loss that a reader found: the next transaction that may write makes it good. */
  constructor(onBehind: () => void = () => {}) {
    this.#onBehind = onBehind
  }

  /** As of the last transaction. */
  get head(): Head | null {
    return this.#memory?.head ?? null
  }

  /** Why nothing may be written; null when it may. */
  get refusal(): StoreError | null {
    const { format = LOG_FORMAT, minWriter = WRITER_VERSION } = this.head ?? {}
    if (format <= LOG_FORMAT && minWriter <= WRITER_VERSION) return this.#newerSegment
    return storeError(
      'incompatible',
      `This log was written by a later version of tabscribe (format ${format}): reload the page to get it. Until then it can only be read.`,
      { format, minWriter },
    )
  }

  /** A segment was met that a later version wrote. */
  refuse(error: StoreError): void {
    this.#newerSegment = error
  }

  // A head of another revision means that someone else committed, or that our own commit aborted.
  async synchronize(tx: ReadTransaction): Promise<LogMemory> {
    const memory = await this.#synchronize(tx)
    if (this.#highWater.isAbove(memory.head)) this.#onBehind()
    return memory
  }

  async #synchronize(tx: ReadTransaction): Promise<LogMemory> {
    const stored = await storedHead(tx)
    if (stored && !this.#highWater.isAbove(stored)) this.#highWater.committed(stored)
    const known = this.#memory
    if (known && (stored?.revision ?? 0) === known.head.revision && stored?.database === storedDatabase(known)) {
      const { index, head } = known
      if (index.complete && index.entries.length !== head.segments) throw new DamagedIndex('A part of it is missing')
      return known
    }
    if (known) this.#highWater.raise(known)
    const memory =
      stored && known && isExtension(stored, known.head)
        ? await extend(tx, known, stored)
        : new LogMemory(stored ?? newHead())
    this.#memory = memory
    return memory
  }

  /** The same for a transaction that writes: a later version's log is only read, and what was lost is made good. */
  async writable(tx: WriteTransaction): Promise<LogMemory> {
    const memory = await this.#synchronize(tx)
    if (this.refusal) throw this.refusal
    if (this.#highWater.isAbove(memory.head)) {
      this.#lost = (await checkWitness(tx, memory, this.#highWater.witness(), true)) ?? this.#lost
      // Transactions asked for meanwhile see what this one writes.
      this.#highWater.restart(memory.head)
    }
    return memory
  }

  /** A transaction that wrote this head is committed. Answers with what it found lost, once. */
  committed(head: Head): Fault | null {
    this.#highWater.committed(head)
    const lost = this.#lost
    this.#lost = null
    return lost
  }

  /** The outcome of a commit is unknown or it failed: believe nothing. */
  forget(): void {
    if (this.#memory) this.#highWater.raise(this.#memory)
    this.#memory = null
  }

  /** The database is deleted on purpose: the next one begins anew. */
  deleted(): void {
    this.#memory = null
    this.#highWater.forget()
  }
}

/** Undefined before the first commit, and only then. */
async function storedHead(tx: ReadTransaction): Promise<Head | undefined> {
  const head = await tx.get('head', 'head')
  if (head === undefined && (await tx.getAll('segments', {}, 1)).length === 0) return undefined
  if (isHead(head)) return head
  throw new DamagedIndex('The head is damaged or missing')
}

export function isHead(head: unknown): head is Head {
  if (typeof head !== 'object' || head === null) return false
  const { format, minWriter, database, ...counts } = head as Head
  if (![format, minWriter].every(Number.isFinite) || typeof database !== 'string') return false
  const { epoch, revision, removals, rewrites, nextSequence, events, bytes, segments, evicted } = counts
  return [epoch, revision, removals, rewrites, nextSequence, events, bytes, segments, evicted].every(
    Number.isSafeInteger,
  )
}

// Before the first commit there is no stored head, only the one we would write.
function storedDatabase({ head }: LogMemory): string | undefined {
  return head.revision === 0 ? undefined : head.database
}

// Others have appended and nothing else: what is remembered of the segments holds.
function isExtension(stored: Head, known: Head): boolean {
  return stored.database === known.database && stored.rewrites === known.rewrites && stored.revision > known.revision
}

async function extend(tx: ReadTransaction, known: LogMemory, head: Head): Promise<LogMemory> {
  const from = known.head.nextSequence
  const index = await known.index.extended(tx, from)
  const added = index.entries.filter((entry) => entry.first >= from)
  return new LogMemory(head, index, await extendIds(tx, known, added))
}

async function extendIds(
  tx: ReadTransaction,
  known: LogMemory,
  added: readonly SegmentEntry[],
): Promise<Map<string, IdPlaces>> {
  if (known.ids.size === 0) return new Map()
  const ids = new Map(Array.from(known.ids, ([topic, places]) => [topic, new Map(places)]))
  for (const entry of added) {
    if (!entry.hasIds) continue
    const stored = await tx.get('segments', entry.first)
    if (!stored || isCompressed(stored)) return new Map()
    for (const [topic, places] of ids) rememberIds(places, idsIn(openSegment(stored), topic, 0))
  }
  return ids
}

export function newHead(): Head {
  return {
    format: LOG_FORMAT,
    minWriter: 1,
    database: randomId(),
    epoch: 1,
    revision: 0,
    removals: 0,
    rewrites: 0,
    nextSequence: 0,
    events: 0,
    bytes: 0,
    segments: 0,
    evicted: 0,
    counters: NO_COUNTERS,
  }
}
