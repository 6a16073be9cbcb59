import type { Emit, Stop } from './emit.js'
import { bounded } from './bounded-text.js'

type EventsByName = WindowEventMap & DocumentEventMap

// Every listener of a recorder is passive and captures, so that it neither delays the page nor misses what the page
// stops. A recorder that fails says so in the log it writes, and the page never notices.
export function listen<K extends keyof EventsByName>(
  emit: Emit,
  target: Window,
  name: K,
  handler: (event: EventsByName[K]) => void,
): Stop {
  const guarded = guard(emit, name, handler as (event: never) => void) as EventListener
  const options = { passive: true, capture: true }
  target.addEventListener(name, guarded, options)
  return () => target.removeEventListener(name, guarded, options)
}

export function guard<A extends unknown[]>(emit: Emit, name: string, handler: (...args: A) => void) {
  return (...args: A): void => {
    try {
      handler(...args)
    } catch (error) {
      emit('recorder-failed', { at: name, message: bounded(error instanceof Error ? error.message : typeof error) })
    }
  }
}

export function stopAll(stops: readonly Stop[]): Stop {
  return () => {
    for (const stop of stops) stop()
  }
}
