import type { HostName } from '../core/health.js'
import type { Fault } from '../core/fault.js'
import type { Tracked } from '../protocol/counters.js'
import type { Writer } from '../protocol/writer-api.js'

/**
 * How a tab lost its writer: it died; it answered nothing for too long; it took the tab for gone and let its session
 * go; or this side closed the link.
 */
export type Lost = 'died' | 'silent' | 'let-go' | 'closed'

/** A tab's way to a writer. */
export interface Link {
  readonly host: HostName
  readonly writer: Writer
  /** Why nothing is kept on disk; null when it is, or when memory was asked for. */
  readonly storageFault: Fault | null
  /** What the database lost since this tab's witness was written. */
  readonly lost: Fault | null
  /** What the counters tracked then. */
  readonly tracked: Tracked
  // Resolves when the writer cannot be reached any more: calls under way, and all later ones, reject with WriterGone.
  readonly gone: Promise<Lost>
  /** Whether it leads to another tab's worker: should that fall silent, the same host may have a better one. */
  readonly elected: boolean
  /** Whether anything was answered since hello. */
  readonly useful: boolean
  close(): void
}

/** The writer was lost before it answered: what was asked may or may not have been done. */
export class WriterGone extends Error {
  readonly how: Lost

  constructor(how: Lost) {
    super(`The writer is gone: ${how}`)
    this.name = 'WriterGone'
    this.how = how
  }
}

/** By its name: parts that are loaded on demand may have a class of their own. */
export function isWriterGone(error: unknown): error is WriterGone {
  return error instanceof Error && error.name === 'WriterGone'
}
