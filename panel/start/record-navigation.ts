import { address } from './address.js'
import type { Emit, Recorder, Stop } from './emit.js'
import { guard, listen, stopAll } from './listen.js'

/** The part of the Navigation API used here; browsers without it are served by popstate and hashchange. */
interface Navigation extends EventTarget {
  readonly currentEntry: { readonly url: string | null } | null
}

/** How the page was loaded, then every move within it: one event per move. */
export const recordNavigation: Recorder = (emit, target = window) => {
  guard(emit, 'load', () => emit('load', loaded(target)))()
  const navigation = (target as { navigation?: Navigation }).navigation
  return navigation ? watchNavigation(emit, target, navigation) : watchHistory(emit, target)
}

function loaded(target: Window): Record<string, unknown> {
  const entry = target.performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming | undefined
  const referrer = target.document.referrer
  return {
    how: entry?.type ?? 'unknown',
    page: address(target.location.href, target.location.href),
    from: referrer === '' ? null : address(referrer, target.location.href),
  }
}

function watchNavigation(emit: Emit, target: Window, navigation: Navigation): Stop {
  const moved = guard(emit, 'currententrychange', (event: Event) => {
    const { from, navigationType } = event as Event & { from?: { url: string | null }; navigationType?: string | null }
    emitMove(emit, from?.url ?? null, target.location.href, navigationType ?? 'replace')
  })
  navigation.addEventListener('currententrychange', moved)
  return () => navigation.removeEventListener('currententrychange', moved)
}

function watchHistory(emit: Emit, target: Window): Stop {
  let last = target.location.href
  const moved = (how: string) => {
    const now = target.location.href
    // A traversal over a fragment fires both events.
    if (now !== last) emitMove(emit, last, now, how)
    last = now
  }
  return stopAll([
    listen(emit, target, 'popstate', () => moved('traverse')),
    listen(emit, target, 'hashchange', () => moved('push')),
  ])
}

function emitMove(emit: Emit, from: string | null, to: string, how: string): void {
  const onlyHash = from !== null && withoutHash(from) === withoutHash(to)
  emit(onlyHash ? 'hashchange' : 'history', {
    how,
    from: from === null ? null : address(from, to),
    to: address(to, to),
  })
}

function withoutHash(url: string): string {
  return url.split('#', 1)[0] ?? ''
}
