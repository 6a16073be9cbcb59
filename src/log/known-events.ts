import type { EventColumns } from '../codec/columns.js'
import { openSegment } from '../codec/decode.js'
import type { ProducerRow, ReadTransaction } from './database.js'
import type { IdPlace, LogState } from './state.js'

// Exactly once: a row is known when its (producer, producerSeq) was committed, or when its topic holds its id already.

/** At least this many of a topic's newest ids are remembered. */
const IDS_KEPT = 10_000

/** Older gaps than these are taken for closed. */
const GAPS_KEPT = 64

export function isCommitted(producer: ProducerRow, seq: number): boolean {
  return seq <= producer.lastSeq && !producer.gaps.some(([from, to]) => from <= seq && seq <= to)
}

/** The producer's row once the run `from`…`to` is committed too. */
export function withCommitted(producer: ProducerRow, from: number, to: number): ProducerRow {
  const next = producer.lastSeq + 1
  if (from === next) return { ...producer, lastSeq: to }
  if (from > next) {
    const gaps: ProducerRow['gaps'] = [...producer.gaps, [next, from - 1]]
    return { ...producer, lastSeq: to, gaps: gaps.slice(-GAPS_KEPT) }
  }
  const gaps = producer.gaps.flatMap(([low, high]) => {
    const rest: ProducerRow['gaps'] = [
      [low, Math.min(high, from - 1)],
      [Math.max(low, to + 1), high],
    ]
    return rest.filter(([first, last]) => first <= last)
  })
  return { ...producer, gaps }
}

/** Where the topic's newest ids lie, read from its segments when first asked for. */
export async function idsOf(tx: ReadTransaction, state: LogState, topic: string): Promise<Map<string, IdPlace>> {
  const known = state.ids.get(topic)
  if (known) return known
  const newestFirst: [string, IdPlace][] = []
  const row = await state.topic(tx, topic)
  if (row.count > 0) await state.index.loadAll(tx)
  for (const entry of row.count > 0 ? state.index.entries.toReversed() : []) {
    if (newestFirst.length >= IDS_KEPT) break
    if (!entry.hasIds || !entry.topics.some((span) => span.name === topic && span.last >= row.first)) continue
    const stored = await tx.get('segments', entry.first)
    if (!stored) continue
    const { columns, position, sequence } = openSegment(stored)
    for (let at = columns.count - 1; at >= 0; at--) {
      const id = columns.ids?.[at]
      if (id == null || position[at]! < row.first || topicAt(columns, at) !== topic) continue
      newestFirst.push([id, { position: position[at]!, sequence: sequence[at]! }])
    }
  }
  const ids = new Map(newestFirst.reverse())
  state.ids.set(topic, ids)
  return ids
}

/** Keeps a bounded number: the oldest go first. */
export function rememberId(ids: Map<string, IdPlace>, id: string, place: IdPlace): void {
  ids.set(id, place)
  if (ids.size <= 2 * IDS_KEPT) return
  for (const old of ids.keys()) {
    if (ids.size <= IDS_KEPT) break
    ids.delete(old)
  }
}

/** Where a batch whose answer was lost was stored: the places of its rows, newest segment first. */
export async function placesOf(
  tx: ReadTransaction,
  state: LogState,
  producer: string,
  fromSeq: number,
  toSeq: number,
): Promise<IdPlace[]> {
  const places: IdPlace[] = []
  await state.index.loadAll(tx)
  for (const entry of state.index.entries.toReversed()) {
    if (places.length > toSeq - fromSeq) break
    const stored = await tx.get('segments', entry.first)
    if (!stored) continue
    const { columns, position, sequence } = openSegment(stored)
    for (let at = columns.count - 1; at >= 0; at--) {
      const seq = columns.producerSeq[at]!
      if (seq < fromSeq || seq > toSeq) continue
      if (columns.producers[columns.producer ? columns.producer[at]! : 0] !== producer) continue
      places.push({ position: position[at]!, sequence: sequence[at]! })
    }
  }
  return places.reverse()
}

function topicAt(columns: EventColumns, row: number): string {
  return columns.topics[columns.topic ? columns.topic[row]! : 0]!
}
