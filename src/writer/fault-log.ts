import type { Fault } from '../core/fault.js'
import { Signal } from '../core/signal.js'

const FAULTS_KEPT = 100

/** Faults that no answer carries, numbered from 1, for tabs that ask for them. */
export class FaultLog {
  #last = 0
  readonly #faults: Fault[] = []
  readonly #changed = new Signal()

  get last(): number {
    return this.#last
  }

  report(fault: Fault): void {
    this.#last++
    this.#faults.push(fault)
    if (this.#faults.length > FAULTS_KEPT) this.#faults.shift()
    this.#changed.fire()
  }

  /** Those newer than `after`; waits for one. -1: none, only where the count stands; beyond it: another log's count. */
  async newer(after: number, isOver: () => boolean): Promise<{ last: number; faults: Fault[] }> {
    if (after < 0) return { last: this.#last, faults: [] }
    if (after > this.#last) after = 0
    while (this.#last <= after && !isOver()) await this.#changed.next
    return { last: this.#last, faults: this.#newerThan(after) }
  }

  /** The first of these told after so many; null when there was none. */
  since(after: number, code: Fault['code']): Fault | null {
    return this.#newerThan(after).find((fault) => fault.code === code) ?? null
  }

  #newerThan(after: number): Fault[] {
    const count = Math.max(0, this.#last - after)
    return count === 0 ? [] : this.#faults.slice(-count)
  }

  /** Whoever waits looks again whether it still should. */
  wake(): void {
    this.#changed.fire()
  }
}
