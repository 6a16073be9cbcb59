import { selectRows, type EventColumns } from '../codec/columns.js'
import { concatPlaced } from '../codec/concat-placed.js'
import type { PlacedEvents } from '../codec/encode.js'
import type { Receipt } from '../core/event.js'
import { storeError } from '../core/fault.js'
import type { LimitStep } from '../protocol/counters.js'
import { assertInOrder } from './commands.js'
import { countBatch } from './count-batch.js'
import type { CounterBook } from './counter-book.js'
import type { ProducerRow, TopicRow } from './database.js'
import { rememberIds, type IdPlace } from './ids.js'
import { isCommitted, withCommitted } from './known-events.js'
import type { LogMemory } from './log-memory.js'
import { receiptOf } from './receipt.js'
import type { EarlierBatch, Submitted } from './submitted.js'

/** The batches accepted so far, with their places. Nothing is written and no memory changed until all are in. */
export class Plan {
  duplicates = 0
  nextSequence: number
  hasCounted = false
  /** Of which every row was committed by an earlier transaction. */
  readonly known = new Set<Submitted>()
  readonly #memory: LogMemory
  readonly #book: CounterBook
  readonly #parts: PlacedEvents[] = []
  /** As they were before this transaction. */
  readonly #producersBefore: ReadonlyMap<string, ProducerRow>

  constructor(memory: LogMemory, book: CounterBook, batches: readonly Submitted[]) {
    this.#memory = memory
    this.#book = book
    this.nextSequence = memory.head.nextSequence
    this.#producersBefore = new Map(
      batches.map(({ columns: { producers } }) => [producers[0]!, memory.producers.get(producers[0]!)!]),
    )
  }

  add(batch: Submitted): Receipt | EarlierBatch | null {
    const { columns, append, limit } = batch
    if (isPlainNew(columns, this.#memory.producers.get(columns.producers[0]!)!)) {
      if (append) this.#expect(append)
      if (limit) this.#take(limit, columns)
      this.#markCommittedRun(columns)
      return this.#place(columns, append?.topic ?? null)
    }
    const fresh = this.#freshRows(columns)
    const known = this.#knownById(columns, fresh.length > 0 ? fresh : allRows(columns))
    if (columns.count > 0 && this.#isCommitted(columns)) this.known.add(batch)
    if (append && known.places.length === columns.count && columns.count > 0) {
      this.duplicates += columns.count
      this.#markCommitted(columns, fresh)
      return receiptOf(append.topic, known.places)
    }
    if (append && columns.count > 0 && fresh.length === 0) return this.#earlier(columns, append.topic)
    if (append) {
      if (fresh.length > 0)
        assertInOrder(this.#memory.producers.get(columns.producers[0]!)!, columns.producerSeq[fresh[0]!]!)
      this.#expect(append)
    }
    if (limit && (fresh.length > 0 || columns.count === 0)) this.#take(limit, columns)
    const rows = fresh.length > 0 ? known.rows : []
    this.duplicates += columns.count - rows.length
    this.#markCommitted(columns, fresh)
    const accepted = rows.length === columns.count ? columns : selectRows(columns, rows)
    return this.#place(accepted, append?.topic ?? null)
  }

  placed(): PlacedEvents | null {
    return this.#parts.length === 0 ? null : concatPlaced(this.#parts)
  }

  /** Nothing of it is stored: what comes before what is known may still wait, and must not be late by it. */
  withdrawGaps(): void {
    for (const [id, before] of this.#producersBefore) {
      const { gaps } = this.#memory.producers.get(id)!
      if (gaps.some(([from]) => from > before.lastSeq)) this.#memory.producers.set(id, before)
    }
  }

  // What only stands before it in this transaction is not: the transaction may yet fail.
  #isCommitted({ count, producers, producerSeq, topics, topic, ids }: EventColumns): boolean {
    const producer = this.#producersBefore.get(producers[0]!)!
    const { nextSequence } = this.#memory.head
    for (let row = 0; row < count; row++) {
      if (isCommitted(producer, producerSeq[row]!)) continue
      const id = ids?.[row]
      const place = id == null ? undefined : this.#memory.ids.get(topics[topic ? topic[row]! : 0]!)!.get(id)
      if (!place || place.sequence >= nextSequence) return false
    }
    return true
  }

  #freshRows({ count, producers, producerSeq }: EventColumns): number[] {
    const producer = this.#memory.producers.get(producers[0]!)!
    const rows: number[] = []
    for (let row = 0; row < count; row++) {
      if (!isCommitted(producer, producerSeq[row]!)) rows.push(row)
    }
    return rows
  }

  // Ids within the batch count too: the first one wins.
  #knownById(columns: EventColumns, fresh: number[]): { rows: number[]; places: IdPlace[] } {
    if (columns.ids === null) return { rows: fresh, places: [] }
    const rows: number[] = []
    const places: IdPlace[] = []
    const inBatch = new Set<string>()
    for (const row of fresh) {
      const id = columns.ids[row]
      if (id == null) {
        rows.push(row)
        continue
      }
      const topic = columns.topics[columns.topic ? columns.topic[row]! : 0]!
      const place = this.#memory.ids.get(topic)!.get(id)
      const key = `${topic.length} ${topic} ${id}`
      if (place) places.push(place)
      else if (!inBatch.has(key)) rows.push(row)
      inBatch.add(key)
    }
    return { rows, places }
  }

  #take(limit: LimitStep, { producers }: EventColumns): void {
    this.#book.take(limit, producers[0]!)
    this.hasCounted = true
  }

  #expect({ topic, expect }: { topic: string; expect: number | null }): void {
    const { next } = this.#memory.topics.get(topic)!
    if (expect === null || expect === next) return
    throw storeError(
      'version-conflict',
      `Topic '${topic}' is at position ${next}, not ${expect}: read what was appended since, then try again.`,
      { topic, expected: expect, actual: next },
    )
  }

  #markCommitted({ producers, producerSeq }: EventColumns, rows: readonly number[]): void {
    const id = producers[0]!
    let producer = this.#memory.producers.get(id)!
    for (let at = 0; at < rows.length;) {
      const from = producerSeq[rows[at]!]!
      let to = from
      while (++at < rows.length && producerSeq[rows[at]!] === to + 1) to++
      producer = withCommitted(producer, from, to)
    }
    this.#memory.producers.set(id, producer)
  }

  #markCommittedRun({ producers, producerSeq, count }: EventColumns): void {
    const id = producers[0]!
    const producer = this.#memory.producers.get(id)!
    this.#memory.producers.set(id, withCommitted(producer, producerSeq[0]!, producerSeq[count - 1]!))
  }

  #place(accepted: EventColumns, topic: string | null): Receipt | null {
    this.hasCounted ||= accepted.count > 0
    const columns = countBatch(this.#book, accepted)
    const { count } = columns
    const sequence = new Float64Array(count)
    const position = new Float64Array(count)
    const rows = columns.topics.map((name) => ({ ...this.#memory.topics.get(name)! }))
    for (let row = 0; row < count; row++) sequence[row] = this.nextSequence + row
    this.nextSequence += count
    if (columns.topic === null && count > 0) countUp(position, rows[0]!)
    else for (let row = 0; row < count; row++) position[row] = rows[columns.topic![row]!]!.next++
    if (columns.ids !== null) this.#rememberIds(columns, sequence, position)
    for (const row of rows) this.#memory.topics.set(row.name, row)
    if (count > 0) this.#parts.push({ columns, sequence, position })
    if (topic === null) return null
    const { next } = this.#memory.topics.get(topic)!
    return {
      topic,
      count,
      first: next - count,
      last: next - 1,
      firstSequence: this.nextSequence - count,
      lastSequence: this.nextSequence - 1,
    }
  }

  #rememberIds({ ids, topics, topic }: EventColumns, sequence: Float64Array, position: Float64Array): void {
    ids!.forEach((id, row) => {
      if (id === null) return
      const places = this.#memory.ids.get(topics[topic ? topic[row]! : 0]!)!
      rememberIds(places, [[id, { position: position[row]!, sequence: sequence[row]! }]])
    })
  }

  // Its answer was lost with an earlier writer: where its rows lie is looked up after the commit.
  #earlier({ producers, producerSeq, count }: EventColumns, topic: string): EarlierBatch {
    this.duplicates += count
    return { topic, producer: producers[0]!, fromSeq: producerSeq[0]!, toSeq: producerSeq[count - 1]! }
  }
}

function countUp(position: Float64Array, topic: TopicRow): void {
  const { next } = topic
  for (let row = 0; row < position.length; row++) position[row] = next + row
  topic.next = next + position.length
}

// What nearly all batches are: numbered on from the producer's last, and without ids.
function isPlainNew({ count, producerSeq, ids }: EventColumns, { lastSeq }: ProducerRow): boolean {
  if (count === 0 || ids !== null || producerSeq[0]! <= lastSeq) return false
  return producerSeq[count - 1]! - producerSeq[0]! === count - 1
}

function allRows({ count }: EventColumns): number[] {
  return Array.from({ length: count }, (_, row) => row)
}
