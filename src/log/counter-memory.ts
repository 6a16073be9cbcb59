import type { Counter } from '../fold/counter/counter.js'
import type { Held } from '../fold/counter/limit.js'
import { HELD, SETTINGS } from './counter-records.js'
import type { CounterSettings } from './counting.js'
import type { ReadTransaction } from './database.js'

/** A slot that a tab holds. */
export interface HeldSlot extends Held {
  reservation: string
  /** It goes when the tab is gone. */
  producer: string
}

/** Beside a counter's buckets. */
const COUNTER_BYTES = 400

/** What is remembered of the counters as of one revision: changed by the transaction that writes the next one. */
export class CounterMemory {
  /** Null: there is none. */
  readonly loaded = new Map<string, Counter | null>()
  held: readonly HeldSlot[] = []
  settings: CounterSettings | null = null
  #isOpen = false

  async open(tx: ReadTransaction): Promise<void> {
    if (this.#isOpen) return
    const [settings, held] = await Promise.all([tx.get('counters', SETTINGS), tx.get('counters', HELD)])
    this.settings = isSettings(settings) ? settings : null
    this.held = Array.isArray(held) ? held : []
    this.#isOpen = true
  }

  get bytes(): number {
    let bytes = 0
    for (const [id, counter] of this.loaded) {
      if (counter === null) continue
      bytes += 2 * id.length + counter.parts.reduce((sum, part) => sum + part.bytes + COUNTER_BYTES, 0)
    }
    return bytes
  }
}

function isSettings(value: unknown): value is CounterSettings {
  const { at, options } = (value ?? {}) as Partial<CounterSettings>
  return typeof at === 'number' && typeof options === 'object' && options !== null
}
