import { releaseTabLock } from './this-tab.js'

interface Sleeper {
  rest(): void
  wake(): void
}

const sleepers = new Set<Sleeper>()

/**
 * Lets the writers go while the page is frozen, and comes back to them. A page that kept its locks and ports would be
 * thrown out of the back/forward cache as soon as anyone waits for the one or answers on the other. Returns how to stop.
 */
export function restWhileFrozen(sleeper: Sleeper): () => void {
  if (typeof document === 'undefined') return () => {}
  if (sleepers.size === 0) {
    document.addEventListener('freeze', onFreeze)
    document.addEventListener('resume', onResume)
    // Restored from the cache: not every browser says resume then.
    addEventListener('pageshow', onResume)
  }
  sleepers.add(sleeper)
  return () => {
    sleepers.delete(sleeper)
    if (sleepers.size > 0) return
    document.removeEventListener('freeze', onFreeze)
    document.removeEventListener('resume', onResume)
    removeEventListener('pageshow', onResume)
  }
}

function onFreeze(): void {
  for (const sleeper of sleepers) sleeper.rest()
  releaseTabLock()
}

function onResume(): void {
  for (const sleeper of sleepers) sleeper.wake()
}
