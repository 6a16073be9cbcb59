import type { ReadableStore } from '../core/store.js'

/** Roughly how many events a topic has: what was heard of last, and what was recorded through this handle since. */
export class Tally {
  #heard = 0
  #recorded = 0

  get count(): number {
    return this.#heard + this.#recorded
  }

  record(): void {
    this.#recorded++
  }

  /** Asks for the true count. What is recorded meanwhile comes on top of it. */
  async hear<T>(ask: () => Promise<T>, countIn: (answer: T) => number): Promise<T> {
    const before = this.#recorded
    const answer = await ask()
    this.#heard = countIn(answer)
    this.#recorded = Math.max(0, this.#recorded - before)
    return answer
  }
}

const tallies = new WeakMap<ReadableStore, Map<string, Tally>>()

/** All that record through one handle count together. */
export function tallyOf(store: ReadableStore, topic: string): Tally {
  const own = tallies.get(store) ?? new Map<string, Tally>()
  const tally = own.get(topic) ?? new Tally()
  tallies.set(store, own.set(topic, tally))
  return tally
}
