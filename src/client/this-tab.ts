import { randomId } from '../core/ids.js'
import { holdLock, isHeld } from '../core/locks.js'
import { sessionKey, tabLockName } from '../protocol/names.js'

let producer: string | null = null
let session: string | null = null
let lock: Promise<(() => void) | null> = Promise.resolve(null)
const seqs = new Map<string, { next: number }>()

/** Names this page load in every store. */
export function producerId(): string {
  return (producer ??= randomId())
}

/** Survives reloads of this tab, where there is a sessionStorage. */
export function sessionId(): string {
  if (session !== null) return session
  try {
    session = sessionStorage.getItem(sessionKey) ?? randomId()
    sessionStorage.setItem(sessionKey, session)
  } catch {
    // Denied (a sandboxed frame, blocked cookies) or absent (Node).
    session ??= randomId()
  }
  return session
}

/** Each store a page uses gets running numbers of its own, so that no event of another store has the same name. */
const SEQS_PER_STORE = 2 ** 32

/** This page's next running number in a store: it goes on when the store is closed and opened again. */
export function nextSeq(store: string): number {
  let own = seqs.get(store)
  if (own === undefined) seqs.set(store, (own = { next: seqs.size * SEQS_PER_STORE }))
  return own.next++
}

/** Once resolved, writers can tell when this page is gone. Held until then, or until it is released. */
export function holdTabLock(): Promise<unknown> {
  const name = tabLockName(producerId())
  // Browsers may take it from a page they freeze.
  lock = lock.then(async (release) => (release && (await isHeld(name)) ? release : holdLock(name)))
  return lock
}

/** Writers take this page for gone until it is held again: with it, no page could be kept for the back button. */
export function releaseTabLock(): void {
  lock = lock.then((release) => {
    release?.()
    return null
  })
}
