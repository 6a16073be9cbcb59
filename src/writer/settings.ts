import type { Retention } from '../core/options.js'
import { DEFAULT_BATCH_TIMEOUT_MS } from '../protocol/hold.js'
import type { NamedOptions } from '../protocol/writer-api.js'
import type { RetentionPolicy } from '../log/retention.js'

/** The store's options: for each, what the latest openStore said that named it, in whichever tab. */
export class Settings {
  batchSize = 1000
  batchTimeoutMs = DEFAULT_BATCH_TIMEOUT_MS
  compression: 'cold' | 'off' = 'cold'
  readonly #retention: { store: Retention | null; topics: Map<string, Retention> } = { store: null, topics: new Map() }
  readonly #namedAt = new Map<string, number>()

  get retention(): RetentionPolicy | null {
    const { store, topics } = this.#retention
    return store === null && topics.size === 0 ? null : this.#retention
  }

  name({ at, batchSize, batchTimeoutMs, compression, retention, topics }: NamedOptions): void {
    this.#set('batchSize', at, batchSize, (value) => (this.batchSize = value))
    this.#set('batchTimeoutMs', at, batchTimeoutMs, (value) => (this.batchTimeoutMs = value))
    this.#set('compression', at, compression, (value) => (this.compression = value))
    this.#set('retention', at, retention, (value) => (this.#retention.store = value))
    for (const [name, own] of topics ?? []) {
      this.#set(`topic ${name}`, at, own.retention, (value) => this.#retention.topics.set(name, value))
    }
  }

  // A tab that connects anew says again what it said when it opened the store: later ones are not undone.
  #set<T>(option: string, at: number, value: T | undefined, set: (value: T) => unknown): void {
    if (value === undefined || at < (this.#namedAt.get(option) ?? -Infinity)) return
    this.#namedAt.set(option, at)
    set(value)
  }
}
