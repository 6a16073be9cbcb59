import { deferred, type Deferred } from '../core/deferred.js'

// A page that is kept for the back button keeps its open transactions too, and a database in which one is open takes no
// other from anybody: in WebKit, for minutes. So what is open is given up as the page goes, and nothing is begun until it
// is back. What was given up is done again as after any failure.

const open = new Set<() => void>()
let back: Deferred<void> | null = null

/** Calls `giveUp` if the page is set aside while the work goes on. */
export function untilSetAside(giveUp: () => void, work: Promise<unknown>): void {
  open.add(giveUp)
  const ended = (): void => void open.delete(giveUp)
  work.then(ended, ended)
}

export function setAside(): void {
  back ??= deferred()
  for (const giveUp of open) giveUp()
}

export function comeBack(): void {
  back?.resolve()
  back = null
}

/** Resolves at once, but for a page that is set aside. */
export async function whenHere(): Promise<void> {
  await back?.promise
}
