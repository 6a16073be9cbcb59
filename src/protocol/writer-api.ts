import type { EventColumns } from '../codec/columns.js'
import type { StoredSegment } from '../codec/segment.js'
import type { Receipt, TopicInfo } from '../core/event.js'
import type { Fault } from '../core/fault.js'
import type { CompactReport, Health, Metrics } from '../core/health.js'
import type { Retention } from '../core/options.js'
import type { Checkpoint, CheckpointQuery, FoundCheckpoint, LogMark, ProjectionId } from './checkpoint.js'
import type { CounterOptions } from '../core/counters.js'
import type { CounterCommand, CounterQuestion, LimitStep, Tracked } from './counters.js'
import type { EventFilter } from './event-filter.js'
import type { TimelinePart, TimelineRequest } from './timeline.js'
import type { PanelOverview, SearchProgress } from './panel-source.js'

/** A tab's first message on a fresh port. */
export interface Hello {
  protocol: number
  store: string
  producer: string
  session: string
  storage: 'auto' | 'memory'
  settings: readonly NamedOptions[]
  witness: Witness | null
}

/** Options of the store's, as one openStore() named them at a time (epoch milliseconds): the latest counts. */
export interface NamedOptions {
  at: number
  batchSize?: number
  batchTimeoutMs?: number
  retention?: Retention
  topics?: readonly [name: string, options: { retention?: Retention }][]
  compression?: 'cold' | 'off'
  counters?: CounterOptions
}

export interface Welcome {
  protocol: number
  /** Why it is memory although a disk was asked for. */
  storageFault: Fault | null
  /** What the database lost since the tab's witness was written. */
  lost: Fault | null
  tracked: Tracked
}

export interface Submission {
  columns: EventColumns
  /** An append: all or nothing, with a receipt. Null for recorded events. */
  append: { topic: string; expect: number | null } | null
  /** What must hold for it to be stored; it is then answered like an append. */
  limit: LimitStep | null
  durability: 'relaxed' | 'strict'
  /** What the tab counted since its last submission. */
  tally: Tally | null
}

/** Events that never left the tab: over the queue's bound, held back by `beforeRecord`, not in the sample. */
export interface Tally {
  dropped: number
  withheld: number
  sampled: number
}

export interface ReadRequest {
  /** null = all */
  topics: readonly string[] | null
  types: readonly string[] | null
  /** Positions of the one topic named, half-open. */
  positions: readonly [from: number, to: number] | null
  /** Sequences, half-open. */
  sequences: readonly [from: number, to: number]
  /** Times, half-open. */
  times: readonly [since: number, until: number]
  where: readonly WhereTerm[]
  direction: 'forward' | 'backward'
  limit: number
  /** Wait until there is something in the range … */
  wait: boolean
  /** … or events were removed, so that the log's `removals` are no longer these. Null: whatever is removed. */
  removals: number | null
  /** The id of an open snapshot: what it sees. Null: what there is now. */
  snapshot: string | null
}

/** What a tab remembers of a log outside of its database, to tell when that was rewound or emptied. */
export interface Witness {
  database: string
  epoch: number
  nextSequence: number
  topics: readonly [name: string, next: number][]
}

export interface SnapshotInfo {
  id: string
  /** Of the newest event in it; -1 when it is empty. */
  sequence: number
  time: number
  count: number
  topics: TopicInfo[]
}

/** Everything, but for what is said otherwise. */
export function requestFor(part: Partial<ReadRequest>): ReadRequest {
  return {
    topics: null,
    types: null,
    positions: null,
    sequences: [0, Infinity],
    times: [-Infinity, Infinity],
    where: [],
    direction: 'forward',
    limit: Infinity,
    wait: false,
    removals: null,
    snapshot: null,
    ...part,
  }
}

/** Equality on a path inside data, or inside meta; `value` may be anything cloneable. */
export interface WhereTerm {
  in: 'data' | 'meta'
  path: readonly string[]
  value: unknown
}

export interface ReadPage {
  slices: SegmentSlice[]
  /** Where the next page begins: the sequence to read from (forward) or up to (backward). Null: this was the last. */
  next: number | null
  /** The sequence the next committed event will get at least: nothing at or above it was looked at. */
  head: number
  /** Of the one topic asked for: the position its next event will get. Null when several were. */
  nextPosition: number | null
  /** Differs from an earlier page's when events were removed in between. */
  removals: number
}

/** Rows of one stored segment; null = all of them. */
export interface SegmentSlice extends StoredSegment {
  rows: Uint32Array | null
}

/** What a tab asks of the writer. Arguments and answers survive structured clone; no call may hang or throw. */
export interface Writer {
  submit(submission: Submission): Promise<Receipt | null>
  /** Resolves once everything submitted by this tab before is committed. */
  flush(): Promise<void>
  read(request: ReadRequest): Promise<ReadPage>
  count(request: ReadRequest): Promise<number>
  topics(): Promise<TopicInfo[]>
  /** Another handle named options. Answers with what is tracked then. */
  configure(options: NamedOptions): Promise<Tracked>
  /** Empties one topic, or all. `seq` is one of the tab's running numbers: sent again, it is done no second time. */
  clear(topic: string | null, seq: number): Promise<void>
  /** Likewise. Returns how many events were erased. */
  erase(request: ReadRequest, seq: number): Promise<number>
  /** Stores what is not here yet of an export's events, of any producers. `topics`: those that got events. */
  importEvents(columns: EventColumns, isLast: boolean): Promise<{ events: number; skipped: number; topics: string[] }>
  /** One of the `CounterQuestions`, and its arguments. */
  counterAsk(question: CounterQuestion, args: unknown[]): Promise<unknown>
  /** One of the `CounterCommands`; `seq` as with clear(). */
  counterDo(command: CounterCommand, args: unknown[], seq: number): Promise<unknown>
  compact(): Promise<CompactReport>
  snapshotOpen(at: number | null, topics: readonly string[] | null): Promise<SnapshotInfo>
  /** As it is now: erasing makes it smaller. */
  snapshotInfo(id: string): Promise<SnapshotInfo>
  snapshotClose(id: string): Promise<void>
  checkpoint(query: CheckpointQuery): Promise<FoundCheckpoint>
  /** False: this one was not kept, and none after it would be. */
  keepCheckpoint(projection: ProjectionId, checkpoint: Checkpoint, mark: LogMark): Promise<boolean>
  witness(): Promise<Witness | null>
  /** Events that another tab spilled when its page went. Resolves once they are committed. */
  recover(bursts: readonly { columns: EventColumns; session: string }[]): Promise<void>
  /** Waits for faults that no answer carries, newer than the one numbered `after`. */
  faults(after: number): Promise<{ last: number; faults: Fault[] }>
  metrics(tally: Tally | null): Promise<Metrics>
  health(): Promise<WriterHealth>
  overview(): Promise<PanelOverview>
  timeline(request: TimelineRequest): Promise<TimelinePart>
  searchOpen(filter: EventFilter): Promise<number>
  searchProgress(search: number, after: number): Promise<SearchProgress | null>
  searchRows(search: number, first: number, count: number): Promise<SegmentSlice[]>
  searchRank(search: number, sequence: number): Promise<number>
  searchHistogram(search: number, since: number, until: number, buckets: number): Promise<Uint32Array>
  searchClose(search: number): Promise<void>
  /** The tab's last handle closed. */
  bye(): Promise<void>
}

export type WriterHealth = Omit<Health, 'host' | 'reason'>

export type WriterMethod = keyof Writer

/** What must come to the log in the order in which it was asked for, and once. */
export type OrderedMethod = 'submit' | 'clear' | 'erase' | 'counterDo'
