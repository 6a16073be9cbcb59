import { storeError } from '../core/fault.js'
import { DATA_PLAIN, DATA_TAGGED, DATA_UNDEFINED, Dictionary, type EventColumns } from './columns.js'
import { COUNTS_NAME, DATA_COUNTS, type Count } from './counts.js'
import { joinedJson } from './joined-json.js'
import { isPlainJson } from './plain-json.js'
import { encodeTagged } from './tagged-json.js'

/** One event as its producer gave it; checked by whoever calls the builder. */
export interface Row {
  topic: string
  type: string
  data: unknown
  time: number
  weight: number
  id: string | undefined
  meta: Record<string, unknown> | undefined
}

/** Collects one producer's events. What is added is captured at once: changing it afterwards changes nothing. */
export class ColumnBuilder {
  readonly #producer: string
  readonly #topics = new Dictionary()
  readonly #types = new Dictionary()
  readonly #seqs: number[] = []
  readonly #time: number[] = []
  readonly #texts: string[] = []
  readonly #ends: number[] = []
  // Kept only from the first row on that has another than the usual.
  readonly #topic = new Sparse<number>(0)
  readonly #type = new Sparse<number>(0)
  readonly #weight = new Sparse<number>(1)
  readonly #kind = new Sparse<number>(DATA_PLAIN)
  readonly #ids = new Sparse<string | null>(null)
  readonly #metas = new Sparse<string | null>(null)
  readonly #attachments = new Sparse<unknown[] | null>(null)
  #end = -1

  constructor(producer: string) {
    this.#producer = producer
  }

  get count(): number {
    return this.#ends.length
  }

  /** An estimate of what the rows take in a queue. */
  get bytes(): number {
    return this.#end + 1 + this.count * ROW_BYTES
  }

  // Throws 'not-cloneable' before anything is added and before it takes a number.
  add(row: Row, takeSeq: () => number): void {
    const { data } = row
    const kind = data === undefined ? DATA_UNDEFINED : isPlain(data) ? DATA_PLAIN : DATA_TAGGED
    const attachments: unknown[] | null = kind === DATA_TAGGED || row.meta !== undefined ? [] : null
    const text = capture(data, kind, attachments, 'data')
    const meta = row.meta === undefined ? null : capture(row.meta, DATA_TAGGED, attachments, 'meta')
    const at = this.#place(row, takeSeq(), this.#end + 1 + text.length)
    this.#texts.push(text)
    if (kind !== DATA_PLAIN) this.#kind.set(at, kind)
    if (meta !== null) this.#metas.set(at, meta)
    if (attachments !== null && attachments.length > 0) this.#attachments.set(at, attachments)
  }

  /** Rows that came at once: plain objects among them are captured many at a time. */
  addAll(rows: readonly Row[], takeSeq: () => number): void {
    let together = true
    for (let from = 0; from < rows.length;) {
      const meant = this.count === 0 ? FIRST_TOGETHER : Math.ceil((TOGETHER_LENGTH * this.count) / (this.#end + 1))
      const some = rows.slice(from, from + meant)
      together &&= this.#addTogether(some, takeSeq)
      if (!together) for (const row of some) this.add(row, takeSeq)
      from += some.length
    }
  }

  // False when it cannot: then nothing is added.
  #addTogether(rows: readonly Row[], takeSeq: () => number): boolean {
    if (rows.some(({ meta }) => meta !== undefined)) return false
    const joined = joinedJson(rows.map(({ data }) => data))
    if (joined === null) return false
    const start = this.#end + 1
    rows.forEach((row, at) => this.#place(row, takeSeq(), start + joined.ends[at]!))
    this.#texts.push(joined.text)
    return true
  }

  /** What the burst counts: nothing can be added after it. */
  addCounts(counts: readonly Count[], seq: number): void {
    const text = JSON.stringify(counts)
    const row = { topic: COUNTS_NAME, type: COUNTS_NAME, time: 0, weight: 1, id: undefined }
    this.#kind.set(this.#place(row, seq, this.#end + 1 + text.length), DATA_COUNTS)
    this.#texts.push(text)
  }

  #place({ topic, type, time, weight, id }: Omit<Row, 'data' | 'meta'>, seq: number, end: number): number {
    const at = this.count
    const topicIndex = this.#topics.indexOf(topic)
    const typeIndex = this.#types.indexOf(type)
    if (topicIndex !== 0) this.#topic.set(at, topicIndex)
    if (typeIndex !== 0) this.#type.set(at, typeIndex)
    this.#seqs.push(seq)
    this.#time.push(time)
    this.#ends.push((this.#end = end))
    if (weight !== 1) this.#weight.set(at, weight)
    if (id !== undefined) this.#ids.set(at, id)
    return at
  }

  build(): EventColumns {
    const { count } = this
    const topic = this.#topic.column(count)
    const type = this.#type.column(count)
    const weight = this.#weight.column(count)
    const kind = this.#kind.column(count)
    return {
      count,
      topics: this.#topics.names,
      types: this.#types.names,
      producers: [this.#producer],
      topic: topic && new Uint32Array(topic),
      type: type && new Uint32Array(type),
      producer: null,
      producerSeq: new Float64Array(this.#seqs),
      time: new Float64Array(this.#time),
      weight: weight && new Float64Array(weight),
      kind: kind && new Uint8Array(kind),
      text: this.#texts.join(','),
      ends: new Uint32Array(this.#ends),
      ids: this.#ids.column(count),
      metas: this.#metas.column(count),
      attachments: this.#attachments.column(count),
    }
  }
}

const ROW_BYTES = 32

/** So much text is captured at a time: of more, JSON.stringify gathers the parts at a higher price. */
const TOGETHER_LENGTH = 16_384

/** So many rows before it is known how long theirs are. */
const FIRST_TOGETHER = 8

/** A column most rows of which hold the same. */
class Sparse<T> {
  readonly #usual: T
  #values: T[] | null = null

  constructor(usual: T) {
    this.#usual = usual
  }

  set(row: number, value: T): void {
    const values = (this.#values ??= [])
    while (values.length < row) values.push(this.#usual)
    values.push(value)
  }

  /** Null when all rows hold the usual. */
  column(count: number): T[] | null {
    const values = this.#values
    if (values !== null) while (values.length < count) values.push(this.#usual)
    return values
  }
}

function capture(value: unknown, kind: number, attachments: unknown[] | null, field: 'data' | 'meta'): string {
  try {
    if (kind === DATA_UNDEFINED) return 'null'
    if (kind === DATA_PLAIN || isPlain(value)) return JSON.stringify(value)
    return encodeTagged(structuredClone(value), attachments!)
  } catch (error) {
    throw storeError(
      'not-cloneable',
      `The event's ${field} cannot be cloned (${error instanceof Error ? error.message : String(error)}): ` +
        'record plain values, without functions, symbols or proxies.',
      { field },
      error,
    )
  }
}

// A getter or a proxy may throw: cloning it then says so.
function isPlain(value: unknown): boolean {
  try {
    return isPlainJson(value)
  } catch {
    return false
  }
}
