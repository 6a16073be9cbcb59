export { openStore } from './client/open.js'
export { deleteStore } from './client/delete.js'
export { openExport } from './client/open-export.js'
export { defineProjection } from './fold/projection.js'
export { diff } from './fold/diff.js'
export { StoreError } from './core/fault.js'
export type { Fault, FaultCode, Retry } from './core/fault.js'
export type { Clock } from './core/clock.js'
export type {
  CounterExport,
  CounterOptions,
  CounterQuery,
  Counters,
  CountOptions,
  DeltaQuery,
  Limiter,
  RangeQuery,
  Ranges,
  RatioQuery,
  ReadableCounters,
  Reservation,
  Schedule,
  TimeWindow,
  TrackedInterval,
  Unit,
} from './core/counters.js'
export type { CompactReport, Health, HostName, Metrics } from './core/health.js'
export type { Retention, StoreOptions } from './core/options.js'
export type { Change, ProjectedState, Projection } from './core/projection.js'
export type { Timeline, TimelineOptions } from './core/timeline.js'
export type {
  DraftOf,
  EventDraft,
  EventOf,
  Query,
  Receipt,
  RecordOptions,
  StoredEvent,
  TopicInfo,
} from './core/event.js'
export type {
  AppendOptions,
  ExportOptions,
  ImportOptions,
  ImportReport,
  Progress,
  ReadableStore,
  ReadableTopic,
  Snapshot,
  Store,
  StoreExport,
  StoreQuery,
  SubscribeOptions,
  Subscription,
  Topic,
} from './core/store.js'
