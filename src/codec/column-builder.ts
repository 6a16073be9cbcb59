import { storeError } from '../core/fault.js'
import { DATA_PLAIN, DATA_TAGGED, DATA_UNDEFINED, Dictionary, type EventColumns } from './columns.js'
import { COUNTS_NAME, DATA_COUNTS, type Count } from './counts.js'
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
    return this.#texts.length
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
    const at = this.#push(row.topic, row.type, takeSeq(), row.time, text, kind)
    if (row.weight !== 1) this.#weight.set(at, row.weight)
    if (row.id !== undefined) this.#ids.set(at, row.id)
    if (meta !== null) this.#metas.set(at, meta)
    if (attachments !== null && attachments.length > 0) this.#attachments.set(at, attachments)
  }

  /** What the burst counts: nothing can be added after it. */
  addCounts(counts: readonly Count[], seq: number): void {
    this.#push(COUNTS_NAME, COUNTS_NAME, seq, 0, JSON.stringify(counts), DATA_COUNTS)
  }

  #push(topic: string, type: string, seq: number, time: number, text: string, kind: number): number {
    const at = this.#texts.length
    const topicIndex = this.#topics.indexOf(topic)
    const typeIndex = this.#types.indexOf(type)
    if (topicIndex !== 0) this.#topic.set(at, topicIndex)
    if (typeIndex !== 0) this.#type.set(at, typeIndex)
    this.#seqs.push(seq)
    this.#time.push(time)
    this.#texts.push(text)
    this.#ends.push((this.#end += text.length + 1))
    if (kind !== DATA_PLAIN) this.#kind.set(at, kind)
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
