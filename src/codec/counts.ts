import { startOf, type EventColumns } from './columns.js'

/**
 * What a burst counts travels as its last row, so that it is journaled, ordered and stored once like the events around
 * it. It is no event: a commit takes it out of the columns, and it gets no position.
 */
export const DATA_COUNTS = 3

/** What the row is filed under on its way. */
export const COUNTS_NAME = 'counts'

/** What happened under an id at a time. */
export type Count = readonly [id: string, time: number, count: number]

export function countsIn(columns: EventColumns): readonly Count[] | null {
  const last = columns.count - 1
  if (columns.kind === null || columns.kind[last] !== DATA_COUNTS) return null
  return JSON.parse(columns.text.slice(startOf(columns.ends, last), columns.ends[last])) as Count[]
}

/** The events of columns whose last row counts. */
export function withoutCounts(columns: EventColumns): EventColumns {
  const count = columns.count - 1
  const text = count === 0 ? '' : columns.text.slice(0, columns.ends[count - 1])
  const topics = usedNames(columns.topics, columns.topic, count)
  const types = usedNames(columns.types, columns.type, count)
  return {
    ...columns,
    count,
    topics,
    types,
    topic: columns.topic && columns.topic.slice(0, count),
    type: columns.type && columns.type.slice(0, count),
    producerSeq: columns.producerSeq.slice(0, count),
    time: columns.time.slice(0, count),
    weight: columns.weight && columns.weight.slice(0, count),
    kind: columns.kind && columns.kind.slice(0, count),
    text,
    ends: columns.ends.slice(0, count),
    ids: columns.ids && columns.ids.slice(0, count),
    metas: columns.metas && columns.metas.slice(0, count),
    attachments: columns.attachments && columns.attachments.slice(0, count),
  }
}

// The row came last, and so did its names, unless events have them too.
function usedNames(names: readonly string[], index: Uint32Array | null, count: number): readonly string[] {
  if (count === 0) return []
  if (index === null) return names
  return index.subarray(0, count).includes(names.length - 1) ? names : names.slice(0, -1)
}

export function isCounts(text: string): boolean {
  let counts: unknown
  try {
    counts = JSON.parse(text)
  } catch {}
  return Array.isArray(counts) && counts.every(isCount)
}

function isCount(value: unknown): boolean {
  const [id, time, count, ...more] = Array.isArray(value) ? (value as unknown[]) : []
  const isId = typeof id === 'string' && id.length > 0 && id.length <= 8192
  return isId && Number.isFinite(time) && Number.isSafeInteger(count) && (count as number) > 0 && more.length === 0
}
