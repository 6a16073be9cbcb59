// What the soak's pages offer to page.evaluate().

import type { Action, Kind } from '../schedule.js'

declare global {
  const soak: {
    start(kind: Kind): Promise<void>
    act(action: Action & { floor: number }): Promise<void> | void
    settle(): Promise<void>
    head(): Promise<{ next: number; sequence: number }>
    hearAll(next: number, sequence: number): Promise<void>
    leads(): Promise<boolean>
    tellLog(): Promise<void>
    leftovers(): Promise<{ journal: [producer: string, firstSeq: number][]; spills: string[] }>
    unanswered(): string[]
  }

  const keeper: {
    abort(order: { where: string; how: string; times: number }): void
    wall(): Promise<number>
    lift(): Promise<void>
    tabLocks(): Promise<number>
  }

  /** A binding of the test's. */
  function soakReport(text: string): void

  /** Resolves when every write to the journal has ended that was begun by now. */
  function whenJournaled(): Promise<void>
}
