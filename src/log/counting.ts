import { systemClock, type Clock } from '../core/clock.js'
import type { CounterOptions } from '../core/counters.js'
import { Layout } from '../fold/counter/layout.js'

/** The store's counter options, and when an openStore() named them (epoch milliseconds). The latest count. */
export interface CounterSettings {
  at: number
  options: CounterOptions
}

export const MOST_IDS = 10_000

/** How a log's owner wants counted. */
export class Counting {
  readonly clock: Clock
  #named: CounterSettings = { at: -Infinity, options: {} }
  #current: { key: string; options: CounterOptions; layout: Layout } | null = null

  constructor(clock: Clock = systemClock) {
    this.clock = clock
  }

  /** What an openStore() of this context's tabs named. */
  name(settings: CounterSettings): void {
    if (settings.at >= this.#named.at) this.#named = settings
  }

  /** What holds where `stored` is what the database says. */
  current(stored: CounterSettings | null): { options: CounterOptions; layout: Layout } {
    const { options } = stored && stored.at > this.#named.at ? stored : this.#named
    const key = JSON.stringify(options)
    if (this.#current?.key !== key) this.#current = { key, options, layout: new Layout(options) }
    return this.#current
  }
}
