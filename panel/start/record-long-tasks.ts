import { atMostPerSecond } from './at-most-per-second.js'
import { bounded } from './bounded-text.js'
import type { Recorder } from './emit.js'
import { observePerformance } from './observe-performance.js'
import { tenths } from './record-resources.js'

interface LongTask extends PerformanceEntry {
  readonly attribution?: readonly { containerType?: string; containerName?: string; containerId?: string }[]
}

// Showing a long task may itself take long, on a slow machine: this keeps the two from feeding each other.
const MOST_PER_SECOND = 5

/** Tasks that held the main thread for 50 ms or more, and the frame they ran in. */
export const recordLongTasks: Recorder = (emit, target = window) => {
  const limited = atMostPerSecond(MOST_PER_SECOND, emit, () => target.performance.now())
  return observePerformance<LongTask>(emit, target, 'longtask', (entry, time) => {
    const frame = entry.attribution?.[0]
    const container = bounded(frame?.containerName || frame?.containerId || '')
    limited(
      'longtask',
      {
        durationMs: tenths(entry.duration),
        in: entry.name,
        frame: `${frame?.containerType ?? 'unknown'}${container && ` ${container}`}`,
      },
      time,
    )
  })
}
