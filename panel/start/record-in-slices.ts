/** Of main thread per slice; what the store does with the slice afterwards comes on top. */
const SLICE_MS = 6
const MOST_PER_SLICE = 2000
/** The log is asked to catch up this often, so that the store's queue never nears its bound and drops. */
const FLUSH_EVERY = 20_000

export interface SliceOptions {
  flush: () => Promise<void>
  onProgress: (recorded: number) => void
  signal: AbortSignal
  now?: () => number
  pause?: () => Promise<void>
}

/**
 * Calls `record` `total` times in slices of a few milliseconds, so that the page stays usable, and resolves with how
 * many times once all of it is committed. An abort ends it early; what was recorded is still committed.
 */
export async function recordInSlices(total: number, record: () => void, options: SliceOptions): Promise<number> {
  const { flush, onProgress, signal, now = () => performance.now(), pause = nextTask } = options
  let recorded = 0
  let flushed = 0
  while (recorded < total && !signal.aborted) {
    const sliceEnd = now() + SLICE_MS
    const most = Math.min(total, recorded + MOST_PER_SLICE)
    do {
      record()
      recorded++
    } while (recorded < most && (recorded % 16 !== 0 || now() < sliceEnd))
    onProgress(recorded)
    await pause()
    if (recorded - flushed >= FLUSH_EVERY) {
      await flush()
      flushed = recorded
    }
  }
  await flush()
  return recorded
}

// Not a timer: those are held back to one a second in a hidden tab. Not scheduler.yield(): what follows it goes before
// everything else, and frames then come half as often.
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}
