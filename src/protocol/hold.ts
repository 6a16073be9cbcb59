/** How long a recorded event waits for company at most. */
export const DEFAULT_BATCH_TIMEOUT_MS = 10

/** However long recorded events may wait for company, no crash of their tab costs those it does not journal more. */
const MOST_MS = 5

/**
 * Of `batchTimeoutMs`, what recorded events wait in their tab: a message costs a page's main thread as much as a hundred
 * records do, so what is recorded task by task shares one. The rest they wait at the writer, for those of other tabs.
 */
export function heldInTabMs(batchTimeoutMs: number): number {
  return Math.min(MOST_MS, batchTimeoutMs / 2)
}
