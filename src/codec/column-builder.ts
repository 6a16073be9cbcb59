import { storeError } from '../core/fault.js'
import { DATA_PLAIN, DATA_TAGGED, DATA_UNDEFINED, Dictionary, type EventColumns } from './columns.js'
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
  readonly #topic: number[] = []
  readonly #type: number[] = []
  readonly #seqs: number[] = []
  readonly #time: number[] = []
  readonly #weight: number[] = []
  readonly #kind: number[] = []
  readonly #texts: string[] = []
  readonly #ends: number[] = []
  readonly #ids: (string | null)[] = []
  readonly #metas: (string | null)[] = []
  readonly #attachments: (unknown[] | null)[] = []
  #end = -1
  #kinds = 0
  #weighted = false
  #idCount = 0
  #metaCount = 0
  #attachmentCount = 0

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
    const attachments: unknown[] = []
    const kind = row.data === undefined ? DATA_UNDEFINED : isPlain(row.data) ? DATA_PLAIN : DATA_TAGGED
    const text = capture(row.data, kind, attachments, 'data')
    const meta = row.meta === undefined ? null : capture(row.meta, DATA_TAGGED, attachments, 'meta')
    this.#topic.push(this.#topics.indexOf(row.topic))
    this.#type.push(this.#types.indexOf(row.type))
    this.#seqs.push(takeSeq())
    this.#time.push(row.time)
    this.#weight.push(row.weight)
    this.#kind.push(kind)
    this.#texts.push(text)
    this.#ends.push((this.#end += text.length + 1))
    this.#ids.push(row.id ?? null)
    this.#metas.push(meta)
    this.#attachments.push(attachments.length > 0 ? attachments : null)
    this.#kinds |= kind
    if (row.weight !== 1) this.#weighted = true
    if (row.id !== undefined) this.#idCount++
    if (meta !== null) this.#metaCount++
    if (attachments.length > 0) this.#attachmentCount++
  }

  build(): EventColumns {
    return {
      count: this.count,
      topics: this.#topics.names,
      types: this.#types.names,
      producers: [this.#producer],
      topic: this.#topics.names.length > 1 ? Uint32Array.from(this.#topic) : null,
      type: this.#types.names.length > 1 ? Uint32Array.from(this.#type) : null,
      producer: null,
      producerSeq: Float64Array.from(this.#seqs),
      time: Float64Array.from(this.#time),
      weight: this.#weighted ? Float64Array.from(this.#weight) : null,
      kind: this.#kinds === DATA_PLAIN ? null : Uint8Array.from(this.#kind),
      text: this.#texts.join(','),
      ends: Uint32Array.from(this.#ends),
      ids: this.#idCount > 0 ? this.#ids : null,
      metas: this.#metaCount > 0 ? this.#metas : null,
      attachments: this.#attachmentCount > 0 ? this.#attachments : null,
    }
  }
}

const ROW_BYTES = 32

function capture(value: unknown, kind: number, attachments: unknown[], field: 'data' | 'meta'): string {
  try {
    if (kind === DATA_UNDEFINED) return 'null'
    if (kind === DATA_PLAIN || isPlain(value)) return JSON.stringify(value)
    return encodeTagged(structuredClone(value), attachments)
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
