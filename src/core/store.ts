import type { CounterExport, Counters, ReadableCounters } from './counters.js'
import type { DraftOf, EventOf, Query, Receipt, StoredEvent, TopicInfo } from './event.js'
import type { Fault } from './fault.js'
import type { CompactReport, Health, Metrics } from './health.js'
import type { Change, ProjectedState, Projection } from './projection.js'
import type { RecordOptions } from './event.js'
import type { Timeline, TimelineOptions } from './timeline.js'

type Types<E> = keyof E & string

export interface ReadableTopic<E = Record<string, unknown>> {
  readonly name: string
  read<T extends Types<E> = Types<E>>(query?: Query<T>): Promise<EventOf<Pick<E, T>>[]>
  /** Pages are read as they are asked for; at most one is held. */
  stream<T extends Types<E> = Types<E>>(query?: Query<T> & { pageSize?: number }): AsyncIterable<EventOf<Pick<E, T>>>
  latest(): Promise<EventOf<E> | null>
  /** The newest n in order; 0 gives []. */
  last(n: number): Promise<EventOf<E>[]>
  count(query?: Query<Types<E>>): Promise<number>
}

export interface Topic<E = Record<string, unknown>> extends ReadableTopic<E> {
  /** Synchronous, never blocks. Throws only 'invalid-argument', 'not-cloneable' or 'closed'; storage trouble goes to `faults`. */
  record<T extends Types<E>>(
    type: T,
    ...rest: undefined extends E[T] ? [data?: E[T], options?: RecordOptions] : [data: E[T], options?: RecordOptions]
  ): void
  /** Resolves when committed to IndexedDB at the store's durability. A batch is atomic: all or nothing, contiguous. */
  append(events: DraftOf<E> | readonly DraftOf<E>[], options?: AppendOptions): Promise<Receipt>
  subscribe(handler: (events: EventOf<E>[]) => void, options?: SubscribeOptions): Subscription
  /** Removes what this tab recorded before the call and all that was committed by then; what is recorded after the call is kept. */
  clear(): Promise<void>
}

export interface AppendOptions {
  /** Optimistic concurrency: the topic's `next` position must equal this, else 'version-conflict' { expected, actual }. */
  expect?: number
  durability?: 'relaxed' | 'strict'
  signal?: AbortSignal
}

/** from: default 'live'; a number is a position on a topic, a sequence on the store. */
export interface SubscribeOptions {
  from?: number | 'start' | 'live'
  types?: readonly string[]
  signal?: AbortSignal
  /** Called when events of the store are gone: cleared, erased or evicted. What was shown of them is to be read anew. */
  onRemoved?: () => void
}

/** Catch-up then live: every matching event exactly once, in order, no gap across writer restarts.
 *  A handler that throws is reported and delivery goes on. `closed` rejects only on a fault. */
export interface Subscription {
  /** Next to be delivered. */
  readonly position: number
  /** Resolves once nothing recorded from now on can be missed. */
  readonly ready: Promise<void>
  readonly closed: Promise<void>
  close(): void
  [Symbol.dispose](): void
}

/** Queries over every topic; `from` and `to` are sequences here. */
export type StoreQuery = Query & { topics?: string[] }

export interface ReadableStore {
  readonly name: string
  /** A topic exists once something is recorded in it; before, it reads as empty. Name: 1–256 characters. */
  topic<E extends { [K in keyof E]: unknown } = Record<string, unknown>>(name: string): ReadableTopic<E>
  topics(): Promise<TopicInfo[]>
  /** All topics interleaved in store order (`sequence`). */
  read(query?: StoreQuery): Promise<StoredEvent[]>
  stream(query?: StoreQuery & { pageSize?: number }): AsyncIterable<StoredEvent>
  count(query?: StoreQuery): Promise<number>
  /** A consistent, isolated view: of the newest events, or of those up to the sequence `at`. */
  snapshot(options?: { at?: number; topics?: string[] }): Promise<Snapshot>
  /** A histogram: how many events there were when, by topic or by type. */
  timeline(options: TimelineOptions): Promise<Timeline>
  /** Folds events into a state: of the newest event, or of the one with the sequence `at`. Checkpoints make any place cheap. */
  project<S>(projection: Projection<S>, options?: { at?: number }): Promise<ProjectedState<S>>
  /** Which events changed the value at `path` of the projected state, newest first, from below the sequence `before` on. A path is
   *  as diff() gives it; [] is the whole state. Values are compared, not references. */
  history<S>(
    projection: Projection<S>,
    path: (string | number)[],
    options?: { before?: number; limit?: number; signal?: AbortSignal },
  ): AsyncIterable<{ event: StoredEvent; change: Change }>
  readonly counters: ReadableCounters
  metrics(): Promise<Metrics>
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Nothing recorded, cleared or evicted later changes what it returns. It goes with its tab. */
export interface Snapshot {
  /** Of the newest event in it; -1 when empty. */
  readonly sequence: number
  /** Of the newest event in it; 0 when empty. */
  readonly time: number
  readonly count: number
  topics(): Promise<TopicInfo[]>
  read(query?: StoreQuery): Promise<StoredEvent[]>
  stream(query?: StoreQuery & { pageSize?: number }): AsyncIterable<StoredEvent>
  project<S>(projection: Projection<S>): Promise<ProjectedState<S>>
  /** JSON text, as store.export() writes it. */
  toBlob(): Promise<Blob>
  close(): void
  [Symbol.dispose](): void
}

export interface Store extends ReadableStore {
  topic<E extends { [K in keyof E]: unknown } = Record<string, unknown>>(name: string): Topic<E>
  /** This page load; and what survives its reloads (sessionStorage). */
  readonly producer: string
  readonly session: string
  readonly counters: Counters
  /** Resolves once everything recorded before the call, by this tab, is committed. Rejects if any of it could not be. */
  flush(): Promise<void>
  subscribe(handler: (events: StoredEvent[]) => void, options?: SubscribeOptions & { topics?: string[] }): Subscription
  /** Keeps a projection's state current: called with the state now, then after every committed batch that changes it, and when
   *  clear(), erase() or retention did. By value: neither a state made anew nor one changed in place deceives it. Batches that are
   *  committed while one is folded are told at once; where events keep being evicted and folding the rest takes long, it is told
   *  less often. A fault in the projection closes it. */
  observe<S>(
    projection: Projection<S>,
    handler: (projected: ProjectedState<S>) => void,
    options?: { signal?: AbortSignal },
  ): Subscription
  /** Merges small segments, compresses cold ones, applies retention. Runs by itself too. */
  compact(): Promise<CompactReport>
  /**
   * Removes matching events for good, from segments, checkpoints, open snapshots and this tab's journal; other tabs' journals
   * let go what is committed within half a second. Their positions stay used: reads skip them. Counters keep their counts.
   */
  erase(query: StoreQuery): Promise<{ erased: number }>
  /** Empties every topic; positions and sequence go on rising. Counters stay unless asked. */
  clear(options?: { counters?: boolean }): Promise<void>
  export(options?: ExportOptions): Promise<Blob>
  /** Adds the events of a JSON or NDJSON export. All of it is checked before any is stored; what is here already is skipped.
   *  They are not counted again: the file's counters, if any, are merged.
   *  What interrupts the storing says how far it came: importing the same file again completes it. */
  import(file: Blob, options?: ImportOptions): Promise<ImportReport>
  health(): Promise<Health>
  readonly faults: AsyncIterable<Fault>
}

/** 'ndjson': the header on line 1 (a StoreExport without its events), then one event a line. 'chrome-trace': { traceEvents }, one
 *  instant an event, in the order of their times; it cannot be imported. Values without a text form (Blob, CryptoKey…) are written
 *  as a note of what was there, and read back as undefined. */
export interface ExportOptions extends StoreQuery {
  /** Default 'json'. */
  format?: 'json' | 'ndjson' | 'chrome-trace'
  /** The counters too. Default true in 'json', false elsewhere; 'chrome-trace' has no place for them. */
  counters?: boolean
  /** Line breaks in 'json': one event a line. */
  pretty?: boolean
  /** Sees every event on its way into the file: change its type, data, time, weight, id or meta, or return null to leave it out. */
  redact?: (event: StoredEvent) => StoredEvent | null
  onProgress?: (progress: Progress) => void
}

export interface ImportOptions {
  /** `total` rises while the file is checked; then `done` does. */
  onProgress?: (progress: Progress) => void
  signal?: AbortSignal
}

/** `topics`: those that got events. `skipped` were here already. */
export interface ImportReport {
  topics: number
  events: number
  skipped: number
}

/** A parsed 'json' export. Values JSON cannot hold are tagged in it: openExport() reads them. */
export interface StoreExport {
  format: 'tabscribe'
  version: number
  store: string
  exportedAt: number
  sequence: number
  topics: TopicInfo[]
  events: unknown[]
  counters?: CounterExport
}

export interface Progress {
  done: number
  total: number
  bytes: number
}
