import type { HostName } from '../core/health.js'
import type { Fault } from '../core/fault.js'
import type { Writer } from '../protocol/writer-api.js'

/** A tab's way to a writer. */
export interface Link {
  readonly host: HostName
  readonly writer: Writer
  /** Why nothing is kept on disk; null when it is, or when memory was asked for. */
  readonly storageFault: Fault | null
  /** Resolves when the writer is gone: calls under way have rejected with WriterGone by then. */
  readonly gone: Promise<void>
  close(): void
}

/** The writer died before it answered: what was asked may or may not have been done. */
export class WriterGone extends Error {}
