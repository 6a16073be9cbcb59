import { compressSegment, inflateSegment } from '../codec/compress.js'
import { selectRows } from '../codec/columns.js'
import { concatPlaced } from '../codec/concat-placed.js'
import { openSegment, type Segment } from '../codec/decode.js'
import { encodeSegment, type PlacedEvents } from '../codec/encode.js'
import { storeError } from '../core/fault.js'
import type { StoredSegment } from '../codec/segment.js'
import type { SegmentEntry, WriteTransaction } from './database.js'
import { describeSegment } from './describe.js'
import type { LogMemory } from './log-memory.js'

/** New segments in the place of old ones, made outside of any transaction. */
export interface Rewrite {
  old: SegmentEntry[]
  made: { entry: SegmentEntry; stored: StoredSegment }[]
}

/** The chosen rows of neighbouring segments, as few segments as they fill. */
export async function rewriteRows(
  old: SegmentEntry[],
  segments: readonly Segment[],
  rowsOf: (segment: Segment) => number[],
  epoch: number,
  compress: boolean,
): Promise<Rewrite> {
  const parts = segments.map((segment) => select(segment, rowsOf(segment))).filter(({ columns }) => columns.count > 0)
  const made: Rewrite['made'] = []
  if (parts.length === 0) return { old, made }
  const events = concatPlaced(parts)
  for (let from = 0; from < events.columns.count;) {
    const { bytes, attachments, count } = encodeSegment(events, from, epoch)
    const plain: StoredSegment = attachments ? { bytes, attachments } : { bytes }
    const stored = (compress ? await compressSegment(plain) : null) ?? plain
    const entry = describeSegment(events, from, from + count, bytes.byteLength)
    made.push({ entry: { ...entry, bytes: stored.bytes.byteLength, packed: compress }, stored })
    from += count
  }
  return { old, made }
}

// Puts them in place. The log must not have been rewritten since the old segments were read; the memory of it may well
// be another one.
export async function applyRewrites(
  tx: WriteTransaction,
  memory: LogMemory,
  rewrites: readonly Rewrite[],
): Promise<void> {
  await memory.index.loadAll(tx)
  const replacements = new Map<number, SegmentEntry[]>()
  let bytes = 0
  let segments = 0
  for (const { old, made } of rewrites) {
    for (const entry of old) {
      replacements.set(entry.first, [])
      tx.delete('segments', { from: entry.first, to: entry.first + 1 })
      bytes -= entry.bytes
      segments--
    }
    replacements.set(
      old[0]!.first,
      made.map(({ entry }) => entry),
    )
    for (const { entry, stored } of made) {
      tx.put('segments', entry.first, stored)
      bytes += entry.bytes
      segments++
    }
  }
  memory.index.replace(tx, replacements)
  memory.head = { ...memory.head, bytes: memory.head.bytes + bytes, segments: memory.head.segments + segments }
}

/** A segment of which nothing can be told but what the index says. */
export class UnreadableSegment extends Error {
  readonly entry: SegmentEntry

  constructor(entry: SegmentEntry, cause: unknown) {
    super('A segment cannot be read', { cause })
    this.entry = entry
  }
}

export async function openStored(entry: SegmentEntry, stored: StoredSegment | undefined): Promise<Segment> {
  try {
    if (stored === undefined) throw storeError('corrupt', 'The segment is missing.')
    return openSegment(await inflateSegment(stored))
  } catch (error) {
    throw new UnreadableSegment(entry, error)
  }
}

function select(segment: Segment, rows: number[]): PlacedEvents {
  if (rows.length === segment.columns.count) return segment
  return {
    columns: selectRows(segment.columns, rows),
    sequence: Float64Array.from(rows, (row) => segment.sequence[row]!),
    position: Float64Array.from(rows, (row) => segment.position[row]!),
  }
}
