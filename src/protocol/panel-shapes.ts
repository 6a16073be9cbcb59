import { isFaultCode, type Fault } from '../core/fault.js'
import type { TrackedInterval } from '../core/counters.js'
import type { StoredEvent, TopicInfo } from '../core/event.js'
import type { CompactReport, Health, Metrics } from '../core/health.js'
import type { Change } from '../core/projection.js'
import type { ImportReport, Progress } from '../core/store.js'
import type { LimitState } from '../fold/counter/limit.js'
import { isUnit } from '../fold/counter/unit.js'
import { isConstraint } from './counter-shapes.js'
import { isFilter } from './event-filter.js'
import type {
  CountersRequest,
  LanesRequest,
  PanelAllocation,
  PanelAnalysis,
  PanelCounter,
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
  TimedBytes,
} from './panel-source.js'
import type { Counting } from './timeline.js'
import {
  either,
  isAnything,
  isBigInt,
  isCounts,
  isFlag,
  isNumber,
  isSequence,
  isText,
  isWhole,
  listOf,
  maybe,
  oneOf,
  orNull,
  shape,
  type Is,
} from './shape.js'

// What panel and store ask and answer each other, as it must look when it comes from another page.

const isNames = listOf(isText)
const isMeta = shape<Record<string, unknown>>({})
const isSeverity = oneOf('info', 'warning', 'error', 'critical')

export const isPath: Is<Path> = listOf(either(isText, isNumber))

export const isLanesRequest = shape<LanesRequest>({
  by: oneOf('topic', 'type'),
  topics: orNull(isNames),
  types: orNull(isNames),
  since: isNumber,
  until: isNumber,
  buckets: isWhole,
})

export const isCountersRequest = shape<CountersRequest>({ unit: orNull(isUnit), containing: isText, limit: isWhole })

export const isPanelExport = shape<PanelExport>({
  filter: isFilter,
  before: orNull(isNumber),
  format: oneOf('json', 'ndjson', 'chrome-trace'),
})

export const isEvent = shape<StoredEvent>({
  topic: isText,
  position: isWhole,
  sequence: isWhole,
  type: isText,
  data: isAnything,
  time: isNumber,
  weight: isNumber,
  producer: isText,
  producerSeq: isWhole,
  id: maybe(isText),
  meta: maybe(isMeta),
})

const isTopicInfo = shape<TopicInfo>({
  name: isText,
  first: orNull(isWhole),
  next: isWhole,
  count: isWhole,
  bytes: isNumber,
  firstTime: orNull(isNumber),
  lastTime: orNull(isNumber),
})

export const isOverview = shape<PanelOverview>({
  events: isWhole,
  bytes: isNumber,
  head: isSequence,
  topics: listOf(isTopicInfo),
  types: isNames,
})

export const isSearchProgress = shape<SearchProgress>({
  revision: isNumber,
  generation: isWhole,
  matches: isWhole,
  scanned: isWhole,
  total: isWhole,
  done: isFlag,
  head: isSequence,
  since: orNull(isNumber),
  until: orNull(isNumber),
})

export const isLanes = shape<PanelLanes>({
  since: isNumber,
  until: isNumber,
  everyMs: isNumber,
  counting: orNull(shape<Counting>({ done: isNumber, total: isNumber })),
  lanes: listOf(shape<PanelLanes['lanes'][number]>({ key: isText, counts: isCounts, total: isNumber })),
})

export const isPanelState = shape<PanelState>({ state: isAnything, sequence: isSequence })

export const isPathChange = shape<PathChange>({
  event: isEvent,
  change: shape<Change>({
    path: isPath,
    kind: oneOf('added', 'removed', 'changed'),
    before: isAnything,
    after: isAnything,
  }),
})

const isLimitState = shape<LimitState>({
  constraint: isConstraint,
  used: orNull(isNumber),
  refusal: orNull(isText),
  retryAfterMs: orNull(isNumber),
})

export const isCounters = shape<PanelCounters>({
  tracked: listOf(shape<TrackedInterval>({ unit: isUnit, buckets: isWhole })),
  unit: orNull(isUnit),
  total: isWhole,
  counters: listOf(shape<PanelCounter>({ id: isText, buckets: listOf(isNumber), ever: isNumber })),
  limits: listOf(isLimitState),
})

const isTimedBytes = shape<TimedBytes>({ time: isNumber, bytes: isNumber })

export const isMemory = shape<PanelMemory>({
  summary: shape<PanelMemory['summary']>({
    current: isNumber,
    peak: isNumber,
    active: isNumber,
    allocations: isNumber,
    deallocations: isNumber,
  }),
  usage: listOf(isTimedBytes),
  peak: orNull(isTimedBytes),
  top: listOf(
    shape<PanelAllocation>({
      ptr: isBigInt,
      size: isNumber,
      threadId: isNumber,
      allocatedAt: isNumber,
      varName: maybe(isText),
      typeName: maybe(isText),
    }),
  ),
  results: listOf(
    shape<PanelAnalysis>({
      analyzer: isText,
      severity: isSeverity,
      count: isNumber,
      description: isText,
      findings: listOf(
        shape<PanelAnalysis['findings'][number]>({
          severity: isSeverity,
          message: isText,
          sequence: maybe(isNumber),
        }),
      ),
    }),
  ),
})

export const isFault = shape<Fault>({
  code: isFaultCode,
  message: isText,
  retry: oneOf('never', 'now', 'after-freeing-space', 'after-reload'),
})

const isHealth = shape<Health>({
  state: oneOf('ok', 'degraded', 'read-only', 'stopped'),
  host: oneOf('shared-worker', 'leader', 'inline'),
  reason: orNull(isText),
  durability: oneOf('memory', 'relaxed', 'strict'),
  writer: isText,
  tabs: isWhole,
  storage: shape<Health['storage']>({
    usage: orNull(isNumber),
    quota: orNull(isNumber),
    persisted: orNull(isFlag),
  }),
  fault: orNull(isFault),
})

const isMetrics = shape<Metrics>({
  writes: isNumber,
  reads: isNumber,
  batches: isNumber,
  errors: isNumber,
  repairs: isNumber,
  dropped: isNumber,
  withheld: isNumber,
  sampled: isNumber,
  lateDropped: isNumber,
  evicted: isNumber,
  duplicates: isNumber,
  lastWriteMs: orNull(isNumber),
  lastReadMs: orNull(isNumber),
  flushMs: orNull(shape<NonNullable<Metrics['flushMs']>>({ p50: isNumber, p95: isNumber, p99: isNumber })),
  queued: isNumber,
  queuedBytes: isNumber,
  segments: isNumber,
  bytes: isNumber,
  events: isNumber,
})

/** `line` is the asking side's own to tell. */
export const isPanelHealth = shape<Omit<PanelHealth, 'line'>>({
  health: isHealth,
  metrics: isMetrics,
  faults: listOf(isFault),
})

export const isCompactReport = shape<CompactReport>({
  segmentsBefore: isWhole,
  segmentsAfter: isWhole,
  bytesBefore: isNumber,
  bytesAfter: isNumber,
  evicted: isWhole,
})

export const isImportReport = shape<ImportReport>({ topics: isWhole, events: isWhole, skipped: isWhole })

export const isProgress = shape<Progress>({ done: isNumber, total: isNumber, bytes: isNumber })
