import type { TrackedInterval, Unit } from '../core/counters.js'
import type { StoredEvent, TopicInfo } from '../core/event.js'
import type { Fault } from '../core/fault.js'
import type { CompactReport, Health, Metrics } from '../core/health.js'
import type { Change, Projection } from '../core/projection.js'
import type { ImportReport, Progress } from '../core/store.js'
import type { Timeline } from '../core/timeline.js'
import type { LimitState } from '../fold/counter/limit.js'
import type { EventFilter } from './event-filter.js'
import type { Counting } from './timeline.js'

// The port between the panel and whatever it looks at: a store in this page, a store in an inspected page, a file.
// The panel asks, the source answers; the source never pushes. Waiting is a question too (`progress`), so that a
// panel that stops asking costs nothing.

// 1: overview, search, export, clear
// 2: lanes, neighbour, state and changes by the name of a projection, health, counters, memory, compact, import; export takes a filter
// 3: lanes are answered at once, with how far counting is; limits
// 4: names the projections it folds; health tells of the line to the store
// 5: metrics tell how long reads take
export const PANEL_SOURCE_VERSION = 5

/** A store or an opened file hands out its panel source under this key, to whoever brings the projections to fold. */
export const PANEL_SOURCE: unique symbol = Symbol.for('tabscribe.panel-source') as never

export interface PanelSource {
  readonly version: number
  readonly store: string
  /** This tab's producer id, so that `tab:me` means something; null for a file. */
  readonly producer: string | null
  readonly readOnly: boolean
  /** The names of the projections it folds. */
  readonly projections: readonly string[]
  overview(): Promise<PanelOverview>
  /** Starts a search over the whole log that also follows what is recorded later. */
  search(filter: EventFilter): Promise<PanelSearch>
  /** Histograms of all events of some names, at once: about what they will be, until all are counted. */
  lanes(request: LanesRequest): Promise<PanelLanes>
  /** The event before (-1) or after (1) this position of a topic. */
  neighbour(topic: string, position: number, step: 1 | -1): Promise<StoredEvent | null>
  /** The newest event at or below this sequence. */
  eventAt(sequence: number): Promise<StoredEvent | null>
  /** The state after the event with this sequence; null: of the newest. An answer that is not wanted any more need not come. */
  state(projection: string, at: number | null, signal?: AbortSignal): Promise<PanelState>
  /** Which events below `before` changed a part of the state, newest first. */
  changes(
    projection: string,
    path: Path,
    before: number | null,
    limit: number,
    signal?: AbortSignal,
  ): Promise<PathChange[]>
  counters(request: CountersRequest): Promise<PanelCounters>
  /** What the memory events add up to; null where there are none. */
  memory(steps: number): Promise<PanelMemory | null>
  health(): Promise<PanelHealth>
  /** Default all of it, as JSON. */
  export(what?: PanelExport, follow?: ExportFollower): Promise<Blob>
  compact(): Promise<CompactReport>
  import(file: Blob, follow?: ExportFollower): Promise<ImportReport>
  clear(): Promise<void>
  close(): void
}

/** Hands out a panel source that folds these. */
export type PanelSourceMaker = (projections?: readonly Projection<unknown>[]) => PanelSource

export type Path = (string | number)[]

/** Names: null = all. */
export interface LanesRequest {
  by: 'topic' | 'type'
  topics: string[] | null
  types: string[] | null
  since: number
  until: number
  buckets: number
}

export interface PanelLanes extends Timeline {
  /** How far counting is: it is worth asking again. Null: this is all there is to be had. */
  counting: Counting | null
}

export interface PanelState {
  state: unknown
  /** Of the newest event folded; -1 when there was none. */
  sequence: number
}

export interface PathChange {
  event: StoredEvent
  change: Change
}

export interface CountersRequest {
  /** Null: the finest that is tracked. */
  unit: Unit | null
  /** Part of the id. */
  containing: string
  limit: number
}

export interface PanelCounters {
  tracked: TrackedInterval[]
  /** Of the buckets; null where nothing is tracked. */
  unit: Unit | null
  /** Counters that were found, also past the limit. */
  total: number
  counters: PanelCounter[]
  /** Those that tabs ask of lately, newest first. */
  limits: LimitState[]
}

export interface PanelCounter {
  id: string
  /** Newest first. */
  buckets: number[]
  ever: number
}

export interface PanelMemory {
  /** Bytes and counts, by name. */
  summary: { current: number; peak: number; active: number; allocations: number; deallocations: number }
  /** Live bytes just before the end of each step. */
  usage: TimedBytes[]
  peak: TimedBytes | null
  /** The largest that are live. */
  top: PanelAllocation[]
  results: PanelAnalysis[]
}

export interface TimedBytes {
  time: number
  bytes: number
}

export interface PanelAllocation {
  ptr: bigint
  size: number
  threadId: number
  allocatedAt: number
  varName?: string
  typeName?: string
}

export interface PanelAnalysis {
  analyzer: string
  severity: 'info' | 'warning' | 'error' | 'critical'
  count: number
  description: string
  /** `sequence`: of the event found. */
  findings: { severity: PanelAnalysis['severity']; message: string; sequence?: number }[]
}

export interface PanelHealth {
  health: Health
  metrics: Metrics
  /** Faults of this tab that no promise carried, newest last. */
  faults: Fault[]
  /** How answers come from a store in another page; absent where they need not travel. */
  line?: PanelLine
}

/** Times in milliseconds. Null: not measured yet. */
export interface PanelLine {
  roundTripMs: { p50: number; p95: number } | null
  /** Of the large answers, while they came in. */
  bytesPerSecond: number | null
  /** Since the line was opened. */
  bytes: number
}

export interface PanelExport {
  filter: EventFilter
  /** Events below this sequence; null: all. */
  before: number | null
  format: 'json' | 'ndjson' | 'chrome-trace'
}

/** Of something that takes its time. */
export interface ExportFollower {
  onProgress(progress: Progress): void
  signal: AbortSignal
}

export interface PanelOverview {
  events: number
  bytes: number
  /** Of the newest event; -1 when there is none. */
  head: number
  topics: TopicInfo[]
  types: string[]
}

export interface PanelSearch {
  /** Resolves at once for the first call (`after` = -1), then when `revision` has passed `after`, at most ten times a second. Null once closed. */
  progress(after: number): Promise<SearchProgress | null>
  /** Matching events by rank: 0 is the oldest match. Returns fewer where there are fewer. */
  rows(first: number, count: number): Promise<StoredEvent[]>
  /** The rank of the first match at or after this sequence (= matches when there is none). */
  rankOf(sequence: number): Promise<number>
  /** Matches per bucket over [since, until). */
  histogram(since: number, until: number, buckets: number): Promise<Uint32Array>
  close(): void
}

export interface SearchProgress {
  revision: number
  /** Rises whenever ranks start anew (the log was cleared): forget rows of an older generation. */
  generation: number
  /** Matching events found so far. */
  matches: number
  /** Events looked at, of how many there are. */
  scanned: number
  total: number
  done: boolean
  head: number
  /** Times of the earliest and the latest match; null when there is none. */
  since: number | null
  until: number | null
}
