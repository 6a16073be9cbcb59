import type { Clock } from './clock.js'
import type { EventDraft } from './event.js'
import type { Fault } from './fault.js'

export interface StoreOptions {
  /** Where the writer runs. 'auto' = SharedWorker, else this page. Default 'auto'. */
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
  /** Sees every draft in the tab, before journal and clone: change it, or return null to drop it (counted as `withheld`). */
  beforeRecord?: (draft: EventDraft & { topic: string }) => (EventDraft & { topic: string }) | null
  /** 'memory': nothing touches disk, gone when its last handle closes. Default 'auto'. */
  storage?: 'auto' | 'memory'
  /** Called for faults no promise carries (a dropped record, a failed background flush). Also on `store.faults`. */
  onFault?: (fault: Fault) => void
  /** Test seam; only honoured by host 'inline'. */
  clock?: Clock
}
