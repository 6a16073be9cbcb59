// What the soak's pages offer to page.evaluate().

declare const soak: {
  start(kind: import('../schedule.js').Kind): Promise<void>
  act(action: import('../schedule.js').Action & { floor: number }): Promise<void> | void
  settle(): Promise<void>
  head(): Promise<{ next: number; sequence: number }>
  hearAll(next: number, sequence: number): Promise<void>
  leads(): Promise<boolean>
  tellLog(): Promise<void>
  leftovers(): Promise<{ journal: [producer: string, firstSeq: number][]; spills: string[] }>
  unanswered(): string[]
}

declare const keeper: {
  abort(order: { where: string; how: string; times: number }): void
  wall(): Promise<number>
  lift(): Promise<void>
  tabLocks(): Promise<number>
}

/** A binding of the test's. */
declare function soakReport(text: string): void
