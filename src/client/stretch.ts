import type { Projection } from '../core/projection.js'
import type { Checkpoint } from '../protocol/checkpoint.js'
import { requestFor, type SegmentSlice } from '../protocol/writer-api.js'
import { idOf, type FoldSource } from './fold-log.js'
import { pagesOf } from './reading.js'

/** Small segments are taken together until they are this large. */
const CHUNK_BYTES = 48 * 1024

/** The events of a projection between a checkpoint (null: the beginning) and a sequence, as they are stored. */
export interface Stretch {
  start: Checkpoint | null
  from: number
  to: number
  chunks: SegmentSlice[][]
}

// From the last checkpoint below `before`. Null: events were removed from the log while they were read.
export async function readStretch<S>(
  { ask, connection, snapshot, topics }: FoldSource,
  projection: Projection<S>,
  before: number,
  signal: AbortSignal | undefined,
): Promise<Stretch | null> {
  const id = idOf(projection, topics)
  const query = { projection: id, before: before - 1, snapshot }
  const { checkpoint: start, removals } = await connection.call('checkpoint', query)
  const from = start?.end ?? 0
  const chunks: SegmentSlice[][] = []
  let bytes = Infinity
  let to: number | null = null
  for await (const page of pagesOf(ask, requestFor({ topics: id.topics, sequences: [from, before] }), signal, true)) {
    if (snapshot === null && page.removals !== removals) return null
    to ??= Math.min(before, page.head)
    for (const slice of page.slices) {
      if (bytes >= CHUNK_BYTES) {
        chunks.push([])
        bytes = 0
      }
      chunks.at(-1)!.push(slice)
      bytes += slice.bytes.byteLength
    }
  }
  return { start, from, to: to ?? from, chunks }
}
