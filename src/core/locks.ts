/** Web Locks exist only in secure contexts (and not in Node). */
export function locksHere(): LockManager | null {
  return (globalThis.navigator as Navigator | undefined)?.locks ?? null
}

/**
 * Resolves once the lock is held; it is held until `release` is called or this context dies. Null: there are no locks,
 * or none for us (a sandboxed frame), or `withinMs` are over.
 */
export function holdLock(name: string, withinMs?: number): Promise<(() => void) | null> {
  return hold(name, withinMs === undefined ? {} : { signal: AbortSignal.timeout(withinMs) })
}

/** The same if nobody holds it or waits for it; null otherwise. */
export function holdLockIfFree(name: string): Promise<(() => void) | null> {
  return hold(name, { ifAvailable: true })
}

async function hold(name: string, options: LockOptions): Promise<(() => void) | null> {
  const locks = locksHere()
  if (!locks) return null
  return new Promise((resolve) => {
    const held = (lock: Lock | null): Promise<void> | void => {
      if (lock) return new Promise<void>((release) => resolve(release))
      resolve(null)
    }
    locks.request(name, options, held).catch(() => resolve(null))
  })
}

/** Whether anyone holds it. */
export async function isHeld(name: string): Promise<boolean> {
  const { held = [] } = (await locksHere()?.query()) ?? {}
  return held.some((lock) => lock.name === name)
}

/** The names of all locks held in this origin; null where that cannot be told. */
export async function heldLocks(): Promise<Set<string> | null> {
  const locks = await locksHere()?.query()
  return locks ? new Set(locks.held?.map(({ name }) => name ?? '')) : null
}

/** Calls back when whoever holds the lock is gone, unless the signal is aborted first. */
export function whenReleased(name: string, signal: AbortSignal, onReleased: () => void): void {
  locksHere()
    ?.request(name, { mode: 'shared', signal }, () => onReleased())
    .catch(() => {})
}
