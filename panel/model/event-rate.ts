const WINDOW_MS = 3000

/** Events per second over the last three seconds, from totals seen now and then. */
export class EventRate {
  #samples: { at: number; total: number }[] = []

  add(at: number, total: number): void {
    const last = this.#samples.at(-1)
    // Fewer than before: the log was cleared or trimmed, so what came in cannot be told from the difference.
    if (last !== undefined && total < last.total) this.#samples = []
    this.#samples.push({ at, total })
    this.#forget(at)
  }

  perSecond(now: number): number {
    this.#forget(now)
    const first = this.#samples[0]
    const last = this.#samples.at(-1)
    if (first === undefined || last === undefined || now - last.at >= WINDOW_MS) return 0
    return ((last.total - first.total) * 1000) / Math.max(1000, now - first.at)
  }

  /** Keeps one sample from before the window, to measure against. */
  #forget(now: number): void {
    while (this.#samples.length > 2 && (this.#samples[1]?.at ?? now) < now - WINDOW_MS) this.#samples.shift()
  }
}
