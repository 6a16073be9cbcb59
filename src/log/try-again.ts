import { StoreError } from '../core/fault.js'

/** Before each further try. */
const WAITS_MS = [20, 80, 320]

/** What no further try changes: there is no storage for this page at all. */
const LASTING = ['SecurityError', 'NotAllowedError', 'NotSupportedError', 'VersionError']

/** Storage that fails may work a moment later: a connection is opened anew, a busy disk is free again. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof StoreError) || error.code !== 'storage-unavailable') return false
  return !(error.cause instanceof DOMException && LASTING.includes(error.cause.name))
}

// A bounded number of tries at something that may be done again as a whole. Rejects with the last failure.
export async function tryAgain<T>(work: () => Promise<T>): Promise<T> {
  for (const waitMs of WAITS_MS) {
    try {
      return await work()
    } catch (error) {
      if (!isPassing(error)) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, waitMs))
  }
  return work()
}
