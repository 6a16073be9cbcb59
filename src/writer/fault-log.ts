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
    const count = Math.max(0, this.#last - after)
    return { last: this.#last, faults: count === 0 ? [] : this.#faults.slice(-count) }
  }

  /** Whoever waits looks again whether it still should. */
  wake(): void {
    this.#changed.fire()
  }
}
