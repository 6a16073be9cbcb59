import type { StoredEvent } from '../../src/core/event.js'
import type { PanelSearch } from '../../src/protocol/panel-source.js'
import { RowCache } from './row-cache.js'

interface Wanted {
  first: number
  count: number
}

/** Fetches the rows in sight: one request at a time, and when it is back, what is in sight by then. */
export class RowLoader {
  readonly #cache = new RowCache()
  readonly #search: Pick<PanelSearch, 'rows'>
  readonly #onRows: () => void
  readonly #onFault: (error: unknown) => void
  #wanted: Wanted | null = null
  #busy = false
  #closed = false
  /** Rises with every reset: an answer from before it is about other ranks. */
  #epoch = 0

  constructor(search: Pick<PanelSearch, 'rows'>, onRows: () => void, onFault: (error: unknown) => void) {
    this.#search = search
    this.#onRows = onRows
    this.#onFault = onFault
  }

  get(rank: number): StoredEvent | undefined {
    return this.#cache.get(rank)
  }

  loaded(): Iterable<StoredEvent> {
    return this.#cache.events()
  }

  want(first: number, count: number): void {
    this.#wanted = { first, count }
    void this.#pump()
  }

  /** Ranks started anew. */
  reset(): void {
    this.#epoch++
    this.#cache.clear()
    this.#wanted = null
  }

  close(): void {
    this.#closed = true
    this.reset()
  }

  async #pump(): Promise<void> {
    if (this.#busy || this.#closed) return
    this.#busy = true
    try {
      for (;;) {
        const wanted = this.#wanted
        const gap = wanted === null ? null : this.#cache.gap(wanted.first, wanted.count)
        if (gap === null) return
        const epoch = this.#epoch
        const events = await this.#search.rows(gap.first, gap.count)
        if (this.#closed) return
        if (epoch !== this.#epoch) continue
        this.#cache.put(gap.first, events)
        if (events.length > 0) this.#onRows()
        // The source has fewer than it said: ask again when somebody wants again, not in a circle.
        if (events.length < gap.count && this.#wanted === wanted) return
      }
    } catch (error) {
      if (!this.#closed) this.#onFault(error)
    } finally {
      this.#busy = false
    }
  }
}
