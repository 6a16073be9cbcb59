import type { StoredEvent } from '../core/event.js'
import type { CompactReport } from '../core/health.js'
import type { ImportReport } from '../core/store.js'
import { isFilter, type EventFilter } from './event-filter.js'
import {
  isCompactReport,
  isCounters,
  isCountersRequest,
  isEvent,
  isImportReport,
  isLanesRequest,
  isMemory,
  isOverview,
  isPanelExport,
  isPanelHealth,
  isPanelState,
  isPath,
  isPathChange,
  isSearchProgress,
  isLanes,
} from './panel-shapes.js'
import type {
  CountersRequest,
  LanesRequest,
  PanelCounters,
  PanelExport,
  PanelHealth,
  PanelLanes,
  PanelMemory,
  PanelOverview,
  PanelState,
  Path,
  PathChange,
  SearchProgress,
} from './panel-source.js'
import { isBytes, isCounts, isNull, isNumber, isText, isWhole, listOf, oneOf, orNull, tuple, type Is } from './shape.js'

/** A panel source as calls that travel: searches and files have numbers, which the asking side makes up. */
export interface PanelCalls {
  ping(): null
  overview(): PanelOverview
  searchOpen(search: number, filter: EventFilter): null
  searchProgress(search: number, after: number): SearchProgress | null
  searchRows(search: number, first: number, count: number): StoredEvent[]
  searchRank(search: number, sequence: number): number
  searchHistogram(search: number, since: number, until: number, buckets: number): Uint32Array
  searchClose(search: number): null
  lanes(request: LanesRequest): PanelLanes
  neighbour(topic: string, position: number, step: 1 | -1): StoredEvent | null
  eventAt(sequence: number): StoredEvent | null
  state(projection: string, at: number | null): PanelState
  changes(projection: string, path: Path, before: number | null, limit: number): PathChange[]
  counters(request: CountersRequest): PanelCounters
  memory(steps: number): PanelMemory | null
  health(): Omit<PanelHealth, 'line'>
  compact(): CompactReport
  /** The next piece of a file that is to be imported. */
  upload(file: number, piece: Uint8Array): null
  import(file: number): ImportReport
  clear(): null
  /** Answered by the bytes of the file. */
  export(what: PanelExport): Uint8Array
}

export type PanelCall = keyof PanelCalls

type Checks = {
  [Call in PanelCall]: { takes: Is<Parameters<PanelCalls[Call]>>; gives: Is<ReturnType<PanelCalls[Call]>> }
}

const MOST_ROWS = 100_000
const isCount: Is<number> = (value): value is number => isWhole(value) && value <= MOST_ROWS

/** What a call may be asked with and answered by. Anything else is refused on the side where it comes in. */
export const PANEL_CALLS: Checks = {
  ping: { takes: tuple(), gives: isNull },
  overview: { takes: tuple(), gives: isOverview },
  searchOpen: { takes: tuple(isWhole, isFilter), gives: isNull },
  searchProgress: { takes: tuple(isWhole, isNumber), gives: orNull(isSearchProgress) },
  searchRows: { takes: tuple(isWhole, isWhole, isCount), gives: listOf(isEvent, MOST_ROWS) },
  searchRank: { takes: tuple(isWhole, isNumber), gives: isWhole },
  searchHistogram: { takes: tuple(isWhole, isNumber, isNumber, isCount), gives: isCounts },
  searchClose: { takes: tuple(isWhole), gives: isNull },
  lanes: { takes: tuple(isLanesRequest), gives: isLanes },
  neighbour: { takes: tuple(isText, isWhole, oneOf(1, -1)), gives: orNull(isEvent) },
  eventAt: { takes: tuple(isNumber), gives: orNull(isEvent) },
  state: { takes: tuple(isText, orNull(isNumber)), gives: isPanelState },
  changes: { takes: tuple(isText, isPath, orNull(isNumber), isCount), gives: listOf(isPathChange) },
  counters: { takes: tuple(isCountersRequest), gives: isCounters },
  memory: { takes: tuple(isCount), gives: orNull(isMemory) },
  health: { takes: tuple(), gives: isPanelHealth },
  compact: { takes: tuple(), gives: isCompactReport },
  upload: { takes: tuple(isWhole, isBytes), gives: isNull },
  import: { takes: tuple(isWhole), gives: isImportReport },
  clear: { takes: tuple(), gives: isNull },
  export: { takes: tuple(isPanelExport), gives: isBytes },
}

export function isPanelCall(value: unknown): value is PanelCall {
  return typeof value === 'string' && Object.hasOwn(PANEL_CALLS, value)
}
