import type { Clock } from './clock.js'
import type { CounterOptions } from './counters.js'
import type { EventDraft } from './event.js'
import type { Fault } from './fault.js'

export interface StoreOptions {
  /** Where the writer runs. 'auto' = SharedWorker, else a Worker of one elected tab, else this page. Default 'auto'. */
  host?: 'auto' | 'shared-worker' | 'leader' | 'inline'
  /** Builds the worker where a bundler, CDN or CSP needs its own URL. */
  worker?: () => SharedWorker | Worker
  /** IndexedDB durability of every flush. Default 'relaxed'. 'strict' = fsync before an append is acknowledged. */
  durability?: 'relaxed' | 'strict'
  /** A flush starts when this many events are queued … Default 1000. */
  batchSize?: number
  /** … or this long after the first queued one. 0 = as soon as the writer is free. Default 10. */
  batchTimeoutMs?: number
  /** Un-flushed bytes (estimated) above which record() drops-with-fault and append() rejects 'queue-full'. Default 64 MiB. */
  maxQueueBytes?: number
  /** Oldest segments are dropped past any of these; positions never restart. Default: no limit. Per topic override below. */
  retention?: Retention
  topics?: Record<string, { retention?: Retention; sampling?: Record<string, number> }>
  /** Keep this share (0..1) of record()ed events of a type; kept ones carry weight 1/share. In the tab, before any work. Never append(). */
  sampling?: Record<string, number>
  /** 'cold' compresses sealed segments in the background. Default 'cold'. */
  compression?: 'cold' | 'off'
  counters?: CounterOptions
  /** Sees every draft in the tab, before journal and clone: change it, or return null to drop it (counted as `withheld`). */
  beforeRecord?: (draft: EventDraft & { topic: string }) => (EventDraft & { topic: string }) | null
  /** 'memory': nothing touches disk, gone when its last handle closes. Default 'auto'. */
  storage?: 'auto' | 'memory'
  /** Crash-safe record(): what is recorded is journaled by the tab before the writer has it. Default true. */
  journal?: boolean
  /** Ask the browser for persistent storage. Default false. */
  persist?: boolean
  /** Announce this store to the devtools extension. Costs nothing until a panel attaches; never writes to the console. Default true. */
  devtools?: boolean
  /** Called for faults no promise carries (a dropped record, a failed background flush). Also on `store.faults`. */
  onFault?: (fault: Fault) => void
  /** Test seam; only honoured by host 'inline'. */
  clock?: Clock
}

/** Limits are positive integers. After compact(): at least the newest maxEvents remain, at most 10 % or 1,000 more; maxBytes and maxAgeMs are upper bounds to within one segment and win over maxEvents. */
export interface Retention {
  maxEvents?: number
  maxBytes?: number
  maxAgeMs?: number
}
