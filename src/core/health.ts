import type { Fault } from './fault.js'

/** Whole store, since this writer started. `writes` and `reads` count events, `batches` commits. */
export interface Metrics {
  writes: number
  reads: number
  batches: number
  errors: number
  repairs: number
  dropped: number
  withheld: number
  sampled: number
  lateDropped: number
  evicted: number
  duplicates: number
  /** How long the last commit and the last read took. */
  lastWriteMs: number | null
  lastReadMs: number | null
  flushMs: { p50: number; p95: number; p99: number } | null
  readMs: { p50: number; p95: number; p99: number } | null
  queued: number
  queuedBytes: number
  segments: number
  bytes: number
  events: number
}

export interface CompactReport {
  segmentsBefore: number
  segmentsAfter: number
  bytesBefore: number
  bytesAfter: number
  evicted: number
}

export type HostName = 'shared-worker' | 'leader' | 'inline'

export interface Health {
  state: 'ok' | 'degraded' | 'read-only' | 'stopped'
  host: HostName
  /** Why this host and not a better one, in a sentence; null when it is the best. */
  reason: string | null
  /** Where events end up: 'memory' when the browser gives no storage. */
  durability: 'memory' | 'relaxed' | 'strict'
  writer: string
  tabs: number
  storage: { usage: number | null; quota: number | null; persisted: boolean | null }
  fault: Fault | null
}
