import type { StoredEvent } from '../../src/core/event.js'

const PAGE_ROWS = 64

/** Events by rank, in pages; past `maxPages` the page used least lately goes. */
export class RowCache {
  readonly #pages = new Map<number, (StoredEvent | undefined)[]>()
  readonly #maxPages: number

  constructor(maxPages = 64) {
    this.#maxPages = maxPages
  }

  get pages(): number {
    return this.#pages.size
  }

  get(rank: number): StoredEvent | undefined {
    return this.#pages.get(Math.floor(rank / PAGE_ROWS))?.[rank % PAGE_ROWS]
  }

  put(first: number, events: StoredEvent[]): void {
    events.forEach((event, index) => {
      const rank = first + index
      this.#touch(Math.floor(rank / PAGE_ROWS))[rank % PAGE_ROWS] = event
    })
  }

  /** From the first to the last rank missing in this range; null when all are here. Keeps the range's pages. */
  gap(first: number, count: number): { first: number; count: number } | null {
    let from = -1
    let to = -1
    for (let rank = first; rank < first + count; rank++) {
      if (this.get(rank) !== undefined) {
        if (rank === first || rank % PAGE_ROWS === 0) this.#touch(Math.floor(rank / PAGE_ROWS))
        continue
      }
      if (from === -1) from = rank
      to = rank
    }
    return from === -1 ? null : { first: from, count: to - from + 1 }
  }

  /** All that are here, those used last first. */
  *events(): Iterable<StoredEvent> {
    for (const page of [...this.#pages.values()].reverse()) {
      for (const event of page) if (event !== undefined) yield event
    }
  }

  clear(): void {
    this.#pages.clear()
  }

  /** The page, as the most recently used. */
  #touch(number: number): (StoredEvent | undefined)[] {
    const page = this.#pages.get(number) ?? []
    this.#pages.delete(number)
    this.#pages.set(number, page)
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= this.#maxPages) break
      this.#pages.delete(oldest)
    }
    return page
  }
}
