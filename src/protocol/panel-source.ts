import type { StoredEvent, TopicInfo } from '../core/event.js'
import type { EventFilter } from './event-filter.js'

// The port between the panel and whatever it looks at: a store in this page, a store in an inspected page, a file.
// The panel asks, the source answers; the source never pushes. Waiting is a question too (`progress`), so that a
// panel that stops asking costs nothing.

export const PANEL_SOURCE_VERSION = 1

/** A store or an opened file hands out its panel source under this key. */
export const PANEL_SOURCE: unique symbol = Symbol.for('tabscribe.panel-source') as never

export interface PanelSource {
  readonly version: number
  readonly store: string
  /** This tab's producer id, so that `tab:me` means something; null for a file. */
  readonly producer: string | null
  readonly readOnly: boolean
  overview(): Promise<PanelOverview>
  /** Starts a search over the whole log that also follows what is recorded later. */
  search(filter: EventFilter): Promise<PanelSearch>
  /** The events as a JSON file. */
  export(): Promise<Blob>
  clear(): Promise<void>
  close(): void
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
