import { randomId } from '../core/ids.js'
import type { Head, ProducerRow, ReadTransaction, SegmentEntry, TopicRow } from './database.js'
import { SegmentIndex } from './segment-index.js'

export const LOG_FORMAT = 1

/**
 * What a writer remembers of the log between transactions. It is only a memory: every transaction reads the head, and
 * a head of another revision (someone else committed, or our own commit aborted) makes it forget what may have changed.
 */
export class LogState {
  head: Head = newHead()
  topics = new Map<string, TopicRow>()
  producers = new Map<string, ProducerRow>()
  index = new SegmentIndex(0)
  /** Of each topic: where the newest ids lie. */
  ids = new Map<string, Map<string, IdPlace>>()
  #valid = false
  #allTopics = false

  /** Call it first in every transaction. */
  async synchronize(tx: ReadTransaction): Promise<Head> {
    const stored = await tx.get('head', 'head')
    if (this.#valid && (stored?.revision ?? 0) === this.head.revision) return this.head
    this.head = stored ?? newHead()
    this.topics.clear()
    this.#allTopics = false
    this.producers.clear()
    this.ids.clear()
    this.index = new SegmentIndex(this.head.nextSequence)
    this.#valid = true
    return this.head
  }

  /** The outcome of a commit is unknown or it failed: believe nothing. */
  forget(): void {
    this.#valid = false
  }

  async topic(tx: ReadTransaction, name: string): Promise<TopicRow> {
    let row = this.topics.get(name) ?? (await tx.get('topics', name))
    row ??= { name, next: 0, first: 0, count: 0, bytes: 0, since: null, until: null }
    this.topics.set(name, row)
    return row
  }

  /** After it, `topics` holds every topic there is. */
  async allTopics(tx: ReadTransaction): Promise<TopicRow[]> {
    if (!this.#allTopics) {
      for (const row of await tx.getAll('topics')) {
        if (!this.topics.has(row.name)) this.topics.set(row.name, row)
      }
      this.#allTopics = true
    }
    return [...this.topics.values()].filter((row) => row.next > 0)
  }

  async producer(tx: ReadTransaction, id: string, session: string): Promise<ProducerRow> {
    const row = this.producers.get(id) ?? (await tx.get('producers', id)) ?? { id, session, lastSeq: -1, gaps: [] }
    this.producers.set(id, row)
    return row
  }

  addEntries(entries: readonly SegmentEntry[]): void {
    this.index.add(entries)
  }
}

export interface IdPlace {
  position: number
  sequence: number
}

function newHead(): Head {
  return {
    format: LOG_FORMAT,
    minWriter: 1,
    database: randomId(),
    epoch: 1,
    revision: 0,
    removals: 0,
    nextSequence: 0,
    events: 0,
    bytes: 0,
    segments: 0,
    evicted: 0,
  }
}
