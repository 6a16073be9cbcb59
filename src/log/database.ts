import type { StoredSegment } from '../codec/segment.js'

// The port between the log and where it is kept. A transaction is atomic; inside it only its own requests may be
// awaited. Write transactions run one after the other, in the order they were asked for.

/** Where the log stands: read and rewritten by every write transaction. */
export interface Head {
  format: number
  /** The least writer version that may write. */
  minWriter: number
  database: string
  /** Rises when the log had to start anew because stored data was lost. */
  epoch: number
  /** Rises with every commit: a writer whose memory is of this revision knows all there is. */
  revision: number
  /** Rises when stored events went away (cleared, evicted): what was read before may be gone. */
  removals: number
  /** Rises when stored segments were changed in any way but by adding new ones: removals, compaction, compression. */
  rewrites: number
  nextSequence: number
  events: number
  bytes: number
  segments: number
  evicted: number
  /** Undefined before anything was counted in it: by a version that did not count yet. */
  counters?: CountersHead
}

export interface CountersHead {
  /** How many there are; null: not known. */
  ids: number | null
  /** The revision that last changed one, and the one that was last marked clean. */
  changed: number
  clean: number
  /** What of the log is still to be counted. */
  recounts: readonly Recount[]
}

export const NO_COUNTERS: CountersHead = { ids: 0, changed: 0, clean: 0, recounts: [] }

/** Events below a sequence are to be counted; `ids`: under these only, null: under all. */
export interface Recount {
  below: number
  ids: readonly string[] | null
}

export interface TopicRow {
  name: string
  next: number
  /** The first position that may still be read: everything below was cleared or evicted. */
  first: number
  count: number
  bytes: number
  since: number | null
  until: number | null
}

export interface ProducerRow {
  id: string
  session: string
  /** Everything up to here was committed, but for the gaps. */
  lastSeq: number
  /** Ranges below lastSeq that were never committed, oldest first, both ends inclusive. */
  gaps: [from: number, to: number][]
  /** Its last erase(): how many events went by now. */
  erased?: { seq: number; count: number }
}

/** What reads need to know to skip a segment. */
export interface SegmentEntry {
  first: number
  last: number
  count: number
  /** As stored, and as it was before it was compressed. */
  bytes: number
  plainBytes: number
  /** It is compressed, or compressing it was tried in vain. */
  packed: boolean
  since: number
  until: number
  topics: TopicSpan[]
  types: string[]
  hasIds: boolean
}

export interface TopicSpan {
  name: string
  first: number
  last: number
  count: number
  /** Of the events' data, as text. */
  bytes: number
  since: number
  until: number
}

/** The stores and what lies in them. All of them exist from version 1 on. */
export interface LogSchema {
  /** Key 'head'. */
  head: Head
  /** By name. */
  topics: TopicRow
  /** By id. */
  producers: ProducerRow
  /** By first sequence. */
  segments: StoredSegment
  /** The entries of the segments of one commit, by the first one's first sequence. */
  index: SegmentEntry[]
  /** By name: states of projections. */
  checkpoints: unknown
  /** By key (counter-records.ts). */
  counters: unknown
  /** Damaged segments, by first sequence. */
  quarantine: QuarantinedSegment
  /** Open snapshots, by id: what they see is kept. */
  snapshots: SnapshotRow
}

export interface QuarantinedSegment {
  entry: SegmentEntry
  reason: string
  stored: unknown
}

export interface SnapshotTopic {
  first: number
  count: number
  /** The positions the topic had given out. */
  next: number
  bytes: number
  since: number | null
  until: number | null
}

export interface SnapshotRow {
  id: string
  /** The tab it belongs to: it goes when the tab is gone. */
  producer: string
  /** Epoch milliseconds. */
  takenAt: number
  /** Nothing at or above this sequence is in it. */
  end: number
  /** Of each topic: the first position it sees, and how many events. */
  topics: Map<string, SnapshotTopic>
}

export type LogStore = keyof LogSchema
export type LogKey = string | number

export const LOG_STORES: readonly LogStore[] = [
  'head',
  'topics',
  'producers',
  'segments',
  'index',
  'checkpoints',
  'counters',
  'quarantine',
  'snapshots',
]

export interface KeyRange {
  /** Inclusive. */
  from?: LogKey
  /** Exclusive. */
  to?: LogKey
}

export interface ReadTransaction {
  get<S extends LogStore>(store: S, key: LogKey): Promise<LogSchema[S] | undefined>
  getAll<S extends LogStore>(store: S, range?: KeyRange, limit?: number): Promise<LogSchema[S][]>
  keys(store: LogStore, range?: KeyRange): Promise<LogKey[]>
}

export interface WriteTransaction extends ReadTransaction {
  put<S extends LogStore>(store: S, key: LogKey, value: LogSchema[S]): void
  delete(store: LogStore, range: KeyRange): void
}

export interface LogDatabase {
  readonly kind: 'indexeddb' | 'memory'
  /** Called when someone deletes it on purpose: what was known of it does not hold for the next one. */
  onDeleted: () => void
  read<T>(stores: readonly LogStore[], body: (tx: ReadTransaction) => Promise<T>): Promise<T>
  // Resolves only after the commit; rejects, with nothing written, when it aborted or `body` rejected.
  write<T>(
    stores: readonly LogStore[],
    durability: 'relaxed' | 'strict',
    body: (tx: WriteTransaction) => Promise<T>,
  ): Promise<T>
  close(): void
}
