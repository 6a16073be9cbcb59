/** How the JSON text of an event's data is to be read. */
export const DATA_PLAIN = 0
/** The text holds tagged values (tagged-json.ts). */
export const DATA_TAGGED = 1
/** `undefined`: the text is 'null'. */
export const DATA_UNDEFINED = 2

/**
 * Events as columns: the one shape in which they travel from a tab to the writer, lie in a journal and are written.
 * A column that is null holds the same for every row (said beside it).
 */
export interface EventColumns {
  readonly count: number
  /** Dictionaries; the columns of the same name in the singular hold indices into them. */
  readonly topics: readonly string[]
  readonly types: readonly string[]
  readonly producers: readonly string[]
  /** null = 0 */
  readonly topic: Uint32Array | null
  readonly type: Uint32Array | null
  readonly producer: Uint32Array | null
  readonly producerSeq: Float64Array
  readonly time: Float64Array
  /** null = 1 */
  readonly weight: Float64Array | null
  /** null = DATA_PLAIN */
  readonly kind: Uint8Array | null
  /** The JSON of every event's data, separated by commas; `ends[row]` is where a row's text ends, in UTF-16 units. */
  readonly text: string
  readonly ends: Uint32Array
  /** null = no row has one */
  readonly ids: readonly (string | null)[] | null
  /** Tagged JSON of each row's meta. null = no row has one */
  readonly metas: readonly (string | null)[] | null
  /** Each row's values without a text form, to which its tagged JSON refers by index. null = no row has one */
  readonly attachments: readonly (readonly unknown[] | null)[] | null
}

export const startOf = (ends: Uint32Array, row: number): number => (row === 0 ? 0 : ends[row - 1]! + 1)

/** The rows named, in the order named. */
export function selectRows(columns: EventColumns, rows: readonly number[]): EventColumns {
  const texts: string[] = []
  const ends = new Uint32Array(rows.length)
  let end = -1
  rows.forEach((row, at) => {
    const text = columns.text.slice(startOf(columns.ends, row), columns.ends[row])
    texts.push(text)
    ends[at] = end += text.length + 1
  })
  return {
    ...columns,
    count: rows.length,
    topic: columns.topic && Uint32Array.from(rows, (row) => columns.topic![row]!),
    type: columns.type && Uint32Array.from(rows, (row) => columns.type![row]!),
    producer: columns.producer && Uint32Array.from(rows, (row) => columns.producer![row]!),
    producerSeq: Float64Array.from(rows, (row) => columns.producerSeq[row]!),
    time: Float64Array.from(rows, (row) => columns.time[row]!),
    weight: columns.weight && Float64Array.from(rows, (row) => columns.weight![row]!),
    kind: columns.kind && Uint8Array.from(rows, (row) => columns.kind![row]!),
    text: texts.join(','),
    ends,
    ids: columns.ids && rows.map((row) => columns.ids![row]!),
    metas: columns.metas && rows.map((row) => columns.metas![row]!),
    attachments: columns.attachments && rows.map((row) => columns.attachments![row]!),
  }
}

/** All rows of all parts, one after the other. */
export function concatColumns(parts: readonly EventColumns[]): EventColumns {
  if (parts.length === 1) return parts[0]!
  const count = parts.reduce((sum, part) => sum + part.count, 0)
  const topics = concatNames(parts, 'topics', 'topic', count)
  const types = concatNames(parts, 'types', 'type', count)
  const producers = concatNames(parts, 'producers', 'producer', count)
  const columns = {
    count,
    topics: topics.names,
    types: types.names,
    producers: producers.names,
    topic: topics.index,
    type: types.index,
    producer: producers.index,
    producerSeq: new Float64Array(count),
    time: new Float64Array(count),
    weight: parts.some((part) => part.weight) ? new Float64Array(count).fill(1) : null,
    kind: parts.some((part) => part.kind) ? new Uint8Array(count) : null,
    text: parts.map((part) => part.text).join(','),
    ends: new Uint32Array(count),
    ids: concatValues(parts, 'ids'),
    metas: concatValues(parts, 'metas'),
    attachments: concatValues(parts, 'attachments'),
  }
  let row = 0
  let textAt = 0
  for (const part of parts) {
    columns.producerSeq.set(part.producerSeq, row)
    columns.time.set(part.time, row)
    if (part.weight) columns.weight!.set(part.weight, row)
    if (part.kind) columns.kind!.set(part.kind, row)
    for (let at = 0; at < part.count; at++) columns.ends[row + at] = textAt + part.ends[at]!
    row += part.count
    textAt += part.text.length + 1
  }
  return columns
}

// No index where all rows have one name: that is what nearly all commits come to, and it spares every look at a row.
function concatNames(
  parts: readonly EventColumns[],
  names: 'topics' | 'types' | 'producers',
  index: 'topic' | 'type' | 'producer',
  count: number,
): { names: readonly string[]; index: Uint32Array | null } {
  const dictionary = new Dictionary()
  const translations = parts.map((part) => part[names].map((name) => dictionary.indexOf(name)))
  if (dictionary.names.length <= 1) return { names: dictionary.names, index: null }
  const column = new Uint32Array(count)
  let row = 0
  parts.forEach((part, own) => {
    const from = part[index]
    const translation = translations[own]!
    if (from === null) column.fill(translation[0]!, row, row + part.count)
    else for (let at = 0; at < part.count; at++) column[row + at] = translation[from[at]!]!
    row += part.count
  })
  return { names: dictionary.names, index: column }
}

type Values = 'ids' | 'metas' | 'attachments'

function concatValues<C extends Values>(parts: readonly EventColumns[], column: C): EventColumns[C] {
  if (parts.every((part) => part[column] === null)) return null
  const values: unknown[] = []
  for (const part of parts) {
    const own = part[column]
    for (let row = 0; row < part.count; row++) values.push(own ? own[row]! : null)
  }
  return values as unknown as EventColumns[C]
}

/** Names and their indices, in the order they were first asked for. */
export class Dictionary {
  readonly names: string[] = []
  readonly #indices = new Map<string, number>()
  #last: string | null = null
  #lastIndex = -1

  indexOf(name: string): number {
    // Mostly it is the one asked for before.
    if (name === this.#last) return this.#lastIndex
    let index = this.#indices.get(name)
    if (index === undefined) {
      index = this.names.push(name) - 1
      this.#indices.set(name, index)
    }
    this.#last = name
    this.#lastIndex = index
    return index
  }
}
