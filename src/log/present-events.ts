import { isCompressed } from '../codec/compress.js'
import { openSegment, type Segment } from '../codec/decode.js'
import type { EventColumns } from '../codec/columns.js'
import { requestFor } from '../protocol/writer-api.js'
import type { ReadTransaction } from './database.js'
import type { LogMemory } from './log-memory.js'
import { readPage, type Reading } from './read.js'

/**
 * Which events can be read, by (producer, producerSeq): not those that were committed once, but those that are here.
 * Reading it all takes long and is done outside of transactions; the transaction that relies on it adds the rest.
 */
export class PresentEvents {
  readonly #seqs = new Map<string, SeqSet>()
  #removals = -1
  /** All below this sequence was looked at. */
  #to = 0

  has(producer: string, seq: number): boolean {
    return this.#seqs.get(producer)?.has(seq) ?? false
  }

  add(producer: string, seq: number): void {
    let seqs = this.#seqs.get(producer)
    if (!seqs) this.#seqs.set(producer, (seqs = new SeqSet()))
    seqs.add(seq)
  }

  async catchUp(reading: Reading): Promise<void> {
    for (let next: number | null = this.#to; next !== null;) {
      const page = await readPage(reading, requestFor({ sequences: [next, Infinity] }))
      if (page.removals !== this.#removals || page.head < this.#to) {
        this.#seqs.clear()
        this.#to = 0
        this.#removals = page.removals
        if (next > 0) {
          next = 0
          continue
        }
      }
      for (const slice of page.slices) this.#addRows(openSegment(slice, 'checked').columns, slice.rows)
      next = page.next
      this.#to = next ?? page.head
    }
  }

  // False: too much has changed, catch up again.
  async extend(tx: ReadTransaction, { head, index }: LogMemory): Promise<boolean> {
    if (head.removals !== this.#removals || head.nextSequence < this.#to) return false
    if (head.nextSequence === this.#to) return true
    await index.loadUntil(tx, (oldest) => oldest.first <= this.#to)
    for (const entry of index.entries) {
      if (entry.last < this.#to) continue
      const segment = open(await tx.get('segments', entry.first))
      if (segment === null) return false
      this.#addRows(segment.columns, null)
    }
    this.#to = head.nextSequence
    return true
  }

  /** These were stored by a transaction that relied on it, and is committed now. */
  committed(columns: EventColumns, nextSequence: number): void {
    this.#addRows(columns, null)
    this.#to = nextSequence
  }

  #addRows({ count, producer, producers, producerSeq }: EventColumns, rows: Uint32Array | null): void {
    for (let at = 0; at < (rows?.length ?? count); at++) {
      const row = rows ? rows[at]! : at
      this.add(producers[producer ? producer[row]! : 0]!, producerSeq[row]!)
    }
  }
}

type Stored = Parameters<typeof openSegment>[0]

function open(stored: Stored | undefined): Segment | null {
  if (!stored || isCompressed(stored)) return null
  try {
    return openSegment(stored)
  } catch {
    return null
  }
}

/** Whole numbers, of which long runs are there: 32 of them take one entry. */
class SeqSet {
  readonly #words = new Map<number, number>()

  has(seq: number): boolean {
    return ((this.#words.get(Math.floor(seq / 32)) ?? 0) & (1 << (seq % 32))) !== 0
  }

  add(seq: number): void {
    const word = Math.floor(seq / 32)
    this.#words.set(word, (this.#words.get(word) ?? 0) | (1 << (seq % 32)))
  }
}
