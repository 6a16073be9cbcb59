import type { Emit, Stop } from './emit.js'
import { guard } from './listen.js'

/** Calls `handler` for each entry of a type, those from before it was asked included. Does nothing where unsupported. */
export function observePerformance<E extends PerformanceEntry>(
  emit: Emit,
  target: Window & typeof globalThis,
  type: string,
  handler: (entry: E, time: number) => void,
): Stop {
  const Observer = target.PerformanceObserver as typeof PerformanceObserver | undefined
  if (!Observer?.supportedEntryTypes?.includes(type)) return () => {}
  const each = guard(emit, type, handler)
  const observer = new Observer((list) => {
    for (const entry of list.getEntries()) each(entry as E, epochOf(entry.startTime, target))
  })
  observer.observe({ type, buffered: true })
  return () => observer.disconnect()
}

// From now backwards, not from `timeOrigin` on: the monotonic clock stops while the machine sleeps.
function epochOf(startTime: number, target: Window): number {
  return Date.now() - (target.performance.now() - startTime)
}
