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
  const topics = new Dictionary()
  const types = new Dictionary()
  const producers = new Dictionary()
  const columns = {
    count,
    topic: new Uint32Array(count),
    type: new Uint32Array(count),
    producer: new Uint32Array(count),
    producerSeq: new Float64Array(count),
    time: new Float64Array(count),
    weight: parts.some((part) => part.weight) ? new Float64Array(count).fill(1) : null,
    kind: parts.some((part) => part.kind) ? new Uint8Array(count) : null,
    text: parts.map((part) => part.text).join(','),
    ends: new Uint32Array(count),
    ids: parts.some((part) => part.ids) ? new Array<string | null>(count).fill(null) : null,
    metas: parts.some((part) => part.metas) ? new Array<string | null>(count).fill(null) : null,
    attachments: parts.some((part) => part.attachments) ? new Array<readonly unknown[] | null>(count).fill(null) : null,
  }
  let row = 0
  let textAt = 0
  for (const part of parts) {
    copyIndices(part.topic, part.topics, topics, columns.topic, row, part.count)
    copyIndices(part.type, part.types, types, columns.type, row, part.count)
    copyIndices(part.producer, part.producers, producers, columns.producer, row, part.count)
    columns.producerSeq.set(part.producerSeq, row)
    columns.time.set(part.time, row)
    if (part.weight) columns.weight!.set(part.weight, row)
    if (part.kind) columns.kind!.set(part.kind, row)
    for (let at = 0; at < part.count; at++) {
      columns.ends[row + at] = textAt + part.ends[at]!
      if (part.ids) columns.ids![row + at] = part.ids[at]!
      if (part.metas) columns.metas![row + at] = part.metas[at]!
      if (part.attachments) columns.attachments![row + at] = part.attachments[at]!
    }
    row += part.count
    textAt += part.text.length + 1
  }
  return { ...columns, topics: topics.names, types: types.names, producers: producers.names }
}

/** Names and their indices, in the order they were first asked for. */
export class Dictionary {
  readonly names: string[] = []
  readonly #indices = new Map<string, number>()

  indexOf(name: string): number {
    let index = this.#indices.get(name)
    if (index === undefined) {
      index = this.names.push(name) - 1
      this.#indices.set(name, index)
    }
    return index
  }
}

function copyIndices(
  from: Uint32Array | null,
  names: readonly string[],
  dictionary: Dictionary,
  to: Uint32Array,
  row: number,
  count: number,
): void {
  const translate = names.map((name) => dictionary.indexOf(name))
  for (let at = 0; at < count; at++) to[row + at] = translate[from ? from[at]! : 0]!
}
