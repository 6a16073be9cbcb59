import type { Connection } from './connection.js'
import { releaseTabLock } from './this-tab.js'

const connections = new Set<Connection>()

/**
 * Lets the writers go while the page is frozen, and comes back to them. A page that kept its locks and ports would be
 * thrown out of the back/forward cache as soon as anyone waits for the one or answers on the other. Returns how to stop.
 */
export function restWhileFrozen(connection: Connection): () => void {
  if (typeof document === 'undefined') return () => {}
  if (connections.size === 0) {
    document.addEventListener('freeze', onFreeze)
    document.addEventListener('resume', onResume)
    // Restored from the cache: not every browser says resume then.
    addEventListener('pageshow', onResume)
  }
  connections.add(connection)
  return () => {
    connections.delete(connection)
    if (connections.size > 0) return
    document.removeEventListener('freeze', onFreeze)
    document.removeEventListener('resume', onResume)
    removeEventListener('pageshow', onResume)
  }
}

function onFreeze(): void {
  for (const connection of connections) connection.rest()
  releaseTabLock()
}

function onResume(): void {
  for (const connection of connections) connection.wake()
}
