/** Options of one recorded event. */
export interface RecordOptions {
  /** Epoch milliseconds. Default now. */
  time?: number
  /** How many occurrences it stands for. Default 1. */
  weight?: number
  /** Idempotency key: an id already in the topic stores nothing and resolves with the first receipt. */
  id?: string
  /** Correlation, causation, trace ids, schema version… */
  meta?: Record<string, unknown>
}

export type EventDraft<T extends string = string, D = unknown> = RecordOptions & { type: T } & (undefined extends D
    ? { data?: D }
    : { data: D })

export interface StoredEvent<T extends string = string, D = unknown> {
  topic: string
  /** 0, 1, 2… per topic, never reused. */
  position: number
  /** Store-wide order across topics: strictly rising, never reused; gaps are allowed. */
  sequence: number
  type: T
  /** The value at the time of record(). */
  data: D
  /** Epoch milliseconds. */
  time: number
  weight: number
  /** Which page load wrote it, and its own running number: (producer, producerSeq) is unique. */
  producer: string
  producerSeq: number
  id?: string
  meta?: Record<string, unknown>
}

export type EventOf<E> = { [K in keyof E & string]: StoredEvent<K, E[K]> }[keyof E & string]
export type DraftOf<E> = { [K in keyof E & string]: EventDraft<K, E[K]> }[keyof E & string]

/** Half-open ranges: `from`/`since` inclusive, `to`/`until` exclusive. No implicit limit. */
export interface Query<T extends string = string> {
  /** Positions on a topic, sequences on the store. */
  from?: number
  to?: number
  /** Epoch milliseconds. */
  since?: number
  until?: number
  types?: readonly T[]
  /** Equality on paths inside data ('user.id') or meta ('@meta.traceId'); a dot inside a key is written '\\.'. */
  where?: Record<string, unknown>
  /** 0 finds nothing. */
  limit?: number
  direction?: 'forward' | 'backward'
  signal?: AbortSignal
}

export interface TopicInfo {
  name: string
  first: number | null
  next: number
  count: number
  bytes: number
  firstTime: number | null
  lastTime: number | null
}

/** `[]`: first = next, last = first - 1. */
export interface Receipt {
  topic: string
  count: number
  first: number
  last: number
  firstSequence: number
  lastSequence: number
}
