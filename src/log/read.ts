import { openSegment, type Segment } from '../codec/decode.js'
import type { StoredSegment } from '../codec/segment.js'
import { requestFor, type ReadPage, type ReadRequest, type SegmentSlice } from '../protocol/writer-api.js'
import type { LogStore, ReadTransaction, SegmentEntry } from './database.js'
import { matchRows, mayMatch } from './match-rows.js'
import type { LogState } from './state.js'

/** A page holds no more stored bytes than this, unless one segment alone does. */
const PAGE_BYTES = 4 * 1024 * 1024

export const READ_STORES: readonly LogStore[] = ['head', 'topics', 'segments', 'index']

/** Called for a segment that cannot be read; its events are missing from the answer. */
export type OnDamaged = (entry: SegmentEntry, error: unknown) => void

export async function readPage(
  tx: ReadTransaction,
  state: LogState,
  request: ReadRequest,
  onDamaged: OnDamaged,
): Promise<ReadPage> {
  const slices: SegmentSlice[] = []
  const next = await scan(tx, state, request, onDamaged, (stored, rows, all) => {
    slices.push({ ...stored, rows: all ? null : Uint32Array.from(rows) })
  })
  const { nextSequence, removals } = state.head
  const nextPosition = request.topics?.length === 1 ? state.topics.get(request.topics[0]!)!.next : null
  return { slices, next, head: nextSequence, nextPosition, removals }
}

/** The segments and rows that hold these sequences (rising). What is gone is left out. */
export async function pickRows(
  tx: ReadTransaction,
  state: LogState,
  sequences: Float64Array,
  onDamaged: OnDamaged,
): Promise<SegmentSlice[]> {
  await state.synchronize(tx)
  await state.allTopics(tx)
  if (sequences.length === 0) return []
  const last = sequences[sequences.length - 1]!
  await state.index.loadUntil(tx, (oldest) => oldest.first <= sequences[0]!)
  const entries = state.index.entries.filter((entry) => entry.last >= sequences[0]! && entry.first <= last)
  const slices: SegmentSlice[] = []
  const request = requestFor({ sequences: [sequences[0]!, last + 1] })
  let at = 0
  for (const entry of entries) {
    while (at < sequences.length && sequences[at]! < entry.first) at++
    if (at === sequences.length) break
    if (sequences[at]! > entry.last) continue
    const stored = await tx.get('segments', entry.first)
    const segment = open(entry, stored, onDamaged)
    if (segment === null) continue
    const wanted = new Set(sequences.subarray(at))
    const rows = matchRows(segment, request, state.topics).filter((row) => wanted.has(segment.sequence[row]!))
    if (rows.length > 0) slices.push({ ...stored!, rows: Uint32Array.from(rows) })
  }
  return slices
}

export async function countRows(
  tx: ReadTransaction,
  state: LogState,
  request: ReadRequest,
  onDamaged: OnDamaged,
): Promise<{ count: number; next: number | null }> {
  let count = 0
  const next = await scan(tx, state, request, onDamaged, (_stored, rows) => {
    count += rows.length
  })
  return { count, next }
}

// Visits the matching rows of one page's worth of segments, in the request's direction (the rows of one segment always
// in order). Returns where to go on, or null when the range is exhausted or the limit reached.
async function scan(
  tx: ReadTransaction,
  state: LogState,
  request: ReadRequest,
  onDamaged: OnDamaged,
  visit: (stored: StoredSegment, rows: readonly number[], all: boolean) => void,
): Promise<number | null> {
  await state.synchronize(tx)
  await loadVisible(tx, state, request.topics)
  const forward = request.direction === 'forward'
  let room = request.limit
  if (room === 0) return null
  let bytes = 0
  for await (const block of blocksOf(tx, state, request)) {
    for (let from = 0; from < block.length;) {
      if (bytes >= PAGE_BYTES) return forward ? block[from]!.first : block[from]!.last + 1
      const chunk = chunkFrom(block, from, room)
      from += chunk.length
      const stored = await Promise.all(chunk.map((entry) => tx.get('segments', entry.first)))
      for (const [at, entry] of chunk.entries()) {
        bytes += entry.bytes
        const segment = open(entry, stored[at], onDamaged)
        if (segment === null) continue
        let rows = matchRows(segment, request, state.topics)
        if (rows.length > room) rows = forward ? rows.slice(0, room) : rows.slice(rows.length - room)
        if (rows.length > 0) visit(stored[at]!, rows, rows.length === segment.columns.count)
        room -= rows.length
        if (room === 0) return null
      }
    }
  }
  return null
}

function open(entry: SegmentEntry, stored: StoredSegment | undefined, onDamaged: OnDamaged): Segment | null {
  try {
    if (stored === undefined) throw new Error('The segment is missing')
    return openSegment(stored)
  } catch (error) {
    onDamaged(entry, error)
    return null
  }
}

// No more than the limit or the page can use.
function chunkFrom(block: readonly SegmentEntry[], from: number, room: number): SegmentEntry[] {
  let to = from
  for (let rows = 0, bytes = 0; to < block.length && rows < room && bytes < PAGE_BYTES; to++) {
    rows += block[to]!.count
    bytes += block[to]!.bytes
  }
  return block.slice(from, to)
}

async function loadVisible(tx: ReadTransaction, state: LogState, topics: readonly string[] | null): Promise<void> {
  if (topics) await Promise.all(topics.map((name) => state.topic(tx, name)))
  else await state.allTopics(tx)
}

// The entries that may match, in the request's direction; backwards the index is loaded only as far as it is asked for.
async function* blocksOf(tx: ReadTransaction, state: LogState, request: ReadRequest): AsyncGenerator<SegmentEntry[]> {
  const { index, topics: visible } = state
  const { topics, positions, sequences, direction } = request
  if (direction === 'forward') {
    await index.loadUntil(
      tx,
      (oldest) =>
        oldest.first <= sequences[0] ||
        (positions !== null && oldest.topics.some((span) => span.name === topics![0] && span.first <= positions[0])),
    )
    yield index.entries.filter((entry) => mayMatch(entry, request, visible))
    return
  }
  let before = Infinity
  while (true) {
    const loaded = index.entries.filter((entry) => entry.first < before && mayMatch(entry, request, visible))
    if (loaded.length > 0) yield loaded.reverse()
    before = index.entries[0]?.first ?? before
    if (index.complete || before <= sequences[0]) return
    await index.loadMore(tx)
  }
}
