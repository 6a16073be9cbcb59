import { address } from './address.js'
import type { Recorder } from './emit.js'
import { observePerformance } from './observe-performance.js'

/** Every resource the page loads: where from (never the query), who asked, how long, how much, how it ended. */
export const recordResources: Recorder = (emit, target = window) =>
  observePerformance<PerformanceResourceTiming>(emit, target, 'resource', (entry, time) =>
    emit(
      'resource',
      {
        name: address(entry.name, target.location.href),
        initiator: entry.initiatorType,
        durationMs: tenths(entry.duration),
        transferBytes: entry.transferSize,
        // 0 where the browser does not tell: another origin without consent, or no answer.
        status: entry.responseStatus ?? 0,
      },
      time,
    ),
  )

export function tenths(ms: number): number {
  return Math.round(ms * 10) / 10
}
