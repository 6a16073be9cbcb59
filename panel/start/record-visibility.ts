import type { Recorder } from './emit.js'
import { listen, stopAll } from './listen.js'

/** When the page is shown, hidden, frozen in the back/forward cache and thawed. No `unload`: it would forbid that cache. */
export const recordVisibility: Recorder = (emit, target = window) =>
  stopAll([
    listen(emit, target, 'visibilitychange', () => emit('visibility', { state: target.document.visibilityState })),
    listen(emit, target, 'pageshow', (event) => emit('pageshow', { persisted: event.persisted })),
    listen(emit, target, 'pagehide', (event) => emit('pagehide', { persisted: event.persisted })),
  ])
