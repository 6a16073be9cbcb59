import type { ReadTransaction, SegmentEntry } from './database.js'

/** The first look loads what the newest 16,384 events lie in; each further one four times as much. */
const FIRST_SPAN = 16_384

/**
 * What is known of the stored segments: always a suffix of them, in order, and loaded backwards as far as a reader
 * asks, since most readers want the newest.
 */
export class SegmentIndex {
  /** In order, without a gap up to the head. */
  entries: SegmentEntry[] = []
  /** Entries of segments from this sequence on are loaded. */
  #loadedFrom: number
  #span = FIRST_SPAN

  constructor(nextSequence: number) {
    this.#loadedFrom = nextSequence
  }

  add(entries: readonly SegmentEntry[]): void {
    for (const entry of entries) this.entries.push(entry)
  }

  /** Every segment there is, is loaded. */
  get complete(): boolean {
    return this.#loadedFrom === 0
  }

  /** Loads the next older ones. A group reaches beyond its key: one that begins before the span comes with the next. */
  async loadMore(tx: ReadTransaction): Promise<void> {
    const to = this.#loadedFrom
    const from = Math.max(0, to - this.#span)
    const groups = await tx.getAll('index', { from, to })
    this.entries = groups.flat().concat(this.entries)
    this.#span *= 4
    this.#loadedFrom = from
  }

  async loadUntil(tx: ReadTransaction, enough: (oldest: SegmentEntry) => boolean): Promise<void> {
    while (!this.complete && !(this.entries.length > 0 && enough(this.entries[0]!))) await this.loadMore(tx)
  }

  async loadAll(tx: ReadTransaction): Promise<void> {
    await this.loadUntil(tx, () => false)
  }
}
