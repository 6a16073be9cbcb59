import { inflateSegment } from '../codec/compress.js'
import { openSegment, type Segment } from '../codec/decode.js'
import type { StoredSegment } from '../codec/segment.js'
import { requestFor, type ReadPage, type ReadRequest, type SegmentSlice } from '../protocol/writer-api.js'
import type { Head, LogDatabase, LogStore, ReadTransaction, SegmentEntry } from './database.js'
import type { LogMemory, LogState } from './log-memory.js'
import { matchRows, mayMatch, type VisibleFrom } from './match-rows.js'

/** A page holds no more stored bytes than this, unless one segment alone does. */
const PAGE_BYTES = 4 * 1024 * 1024

export const READ_STORES: readonly LogStore[] = ['head', 'topics', 'segments', 'index']

/** What reading works on. */
export interface Reading {
  readonly database: LogDatabase
  readonly state: LogState
  /** Called for a segment that cannot be read; its events are missing from the answer. */
  readonly onDamaged: (entry: SegmentEntry, error: unknown) => void
}

/** What a reader may see, where that is not all there is now. */
export interface View {
  readonly visible: VisibleFrom
}

export async function readPage(reading: Reading, request: ReadRequest, view?: View): Promise<ReadPage> {
  const slices: SegmentSlice[] = []
  const { next, head, nextPosition } = await scan(reading, request, view, ({ stored }, segment, rows) => {
    slices.push({ ...stored, rows: rows.length === segment.columns.count ? null : Uint32Array.from(rows) })
    return true
  })
  return { slices, next, head: head.nextSequence, nextPosition, removals: head.removals }
}

export async function countRows(reading: Reading, request: ReadRequest, view?: View): Promise<number> {
  let count = 0
  await visitRows(reading, request, view, (_segment, rows) => {
    count += rows.length
    return true
  })
  return count
}

/** Visits all pages of what was committed when it began, until `visit` returns false. */
export async function visitRows(
  reading: Reading,
  request: ReadRequest,
  view: View | undefined,
  visit: (segment: Segment, rows: readonly number[]) => boolean,
): Promise<void> {
  let { sequences, limit } = request
  while (true) {
    const { next, head } = await scan(reading, { ...request, sequences, limit }, view, (_stored, segment, rows) => {
      limit -= rows.length
      return visit(segment, rows)
    })
    if (next === null || limit <= 0) return
    const end = Math.min(sequences[1], head.nextSequence)
    sequences = request.direction === 'forward' ? [next, end] : [sequences[0], next]
  }
}

/** Of all that match. */
export async function sequencesOf(reading: Reading, request: ReadRequest): Promise<Set<number>> {
  const sequences = new Set<number>()
  await visitRows(reading, request, undefined, (segment, rows) => {
    for (const row of rows) sequences.add(segment.sequence[row]!)
    return true
  })
  return sequences
}

/** The segments and rows that hold these sequences (rising). What is gone is left out. */
export async function pickRows(reading: Reading, sequences: Float64Array): Promise<SegmentSlice[]> {
  if (sequences.length === 0) return []
  const [first, last] = [sequences[0]!, sequences[sequences.length - 1]!]
  const request = requestFor({ sequences: [first, last + 1] })
  const { fetched, visible } = await reading.database.read(READ_STORES, async (tx) => {
    const memory = await reading.state.synchronize(tx)
    await memory.allTopics(tx)
    await memory.index.loadUntil(tx, (oldest) => oldest.first <= first)
    const entries = memory.index.entries.filter((entry) => holdsAny(entry, sequences))
    return { fetched: await fetch(tx, entries), visible: new Map(memory.topics) }
  })
  const wanted = new Set(sequences)
  const slices: SegmentSlice[] = []
  for (const one of fetched) {
    const opened = await open(one, reading)
    if (opened === null) continue
    const { segment, stored } = opened
    const rows = matchRows(segment, request, visible).filter((row) => wanted.has(segment.sequence[row]!))
    if (rows.length > 0) slices.push({ ...stored, rows: Uint32Array.from(rows) })
  }
  return slices
}

// The first of the sequences that is not below the segment lies in it.
function holdsAny({ first, last }: SegmentEntry, sequences: Float64Array): boolean {
  let low = 0
  let high = sequences.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sequences[middle]! < first) low = middle + 1
    else high = middle
  }
  return low < sequences.length && sequences[low]! <= last
}

interface Fetched {
  entry: SegmentEntry
  stored: StoredSegment | undefined
}

interface Chunk {
  fetched: Fetched[]
  /** Where to go on; null when the range is exhausted. */
  next: number | null
  head: Head
  nextPosition: number | null
  visible: VisibleFrom
}

// Visits the matching rows of one page's worth of segments, in the request's direction (the rows of one segment always
// in order). `next` says where to go on: null when the range is exhausted, the limit reached or `visit` had
// enough. Segments are opened
// outside of the transactions that fetch them: inflating takes time that a transaction does not have.
async function scan(
  reading: Reading,
  request: ReadRequest,
  view: View | undefined,
  visit: (opened: Opened, segment: Segment, rows: readonly number[]) => boolean,
): Promise<Pick<Chunk, 'next' | 'head' | 'nextPosition'>> {
  const forward = request.direction === 'forward'
  let { sequences, limit: room } = request
  let bytes = 0
  // What is committed between two chunks lies behind the head of the first: it is not looked at, and must not be
  // taken for looked at.
  let first: Chunk | null = null
  while (true) {
    const chunk = await fetchChunk(reading, { ...request, sequences, limit: room }, view, PAGE_BYTES - bytes)
    first ??= chunk
    for (const one of chunk.fetched) {
      bytes += one.entry.bytes
      const opened = await open(one, reading)
      if (opened === null) continue
      let rows = matchRows(opened.segment, { ...request, sequences }, chunk.visible)
      if (rows.length > room) rows = forward ? rows.slice(0, room) : rows.slice(rows.length - room)
      room -= rows.length
      const enough = rows.length > 0 && !visit(opened, opened.segment, rows)
      if (enough || room === 0) return { ...first, next: null }
    }
    if (chunk.next === null || bytes >= PAGE_BYTES) return { ...first, next: chunk.next }
    const end = Math.min(sequences[1], first.head.nextSequence)
    sequences = forward ? [chunk.next, end] : [sequences[0], chunk.next]
  }
}

// As many segments as the limit and the page can use.
function fetchChunk(reading: Reading, request: ReadRequest, view: View | undefined, room: number): Promise<Chunk> {
  return reading.database.read(READ_STORES, async (tx) => {
    const memory = await reading.state.synchronize(tx)
    const { head } = memory
    const { topics, limit } = request
    if (topics) await Promise.all(topics.map((name) => memory.topic(tx, name)))
    else await memory.allTopics(tx)
    const visible = view?.visible ?? new Map(memory.topics)
    const nextPosition = topics?.length === 1 ? memory.topics.get(topics[0]!)!.next : null
    const chosen: SegmentEntry[] = []
    let rows = 0
    let bytes = 0
    for await (const entry of limit > 0 ? candidates(tx, memory, request, visible) : []) {
      if (chosen.length > 0 && (rows >= limit || bytes >= room)) {
        const next = request.direction === 'forward' ? entry.first : entry.last + 1
        return { fetched: await fetch(tx, chosen), next, head, nextPosition, visible }
      }
      chosen.push(entry)
      rows += entry.count
      bytes += entry.bytes
    }
    return { fetched: await fetch(tx, chosen), next: null, head, nextPosition, visible }
  })
}

// The entries that may match, in the request's direction; backwards the index is loaded only as far as it is asked for.
async function* candidates(
  tx: ReadTransaction,
  { index }: LogMemory,
  request: ReadRequest,
  visible: VisibleFrom,
): AsyncGenerator<SegmentEntry> {
  const { topics, positions, sequences, direction } = request
  if (direction === 'forward') {
    await index.loadUntil(
      tx,
      (oldest) =>
        oldest.first <= sequences[0] ||
        (positions !== null && oldest.topics.some((span) => span.name === topics![0] && span.first <= positions[0])),
    )
    for (const entry of index.entries) if (mayMatch(entry, request, visible)) yield entry
    return
  }
  for (let before = Infinity; ;) {
    const loaded = index.entries.filter((entry) => entry.first < before)
    for (const entry of loaded.reverse()) if (mayMatch(entry, request, visible)) yield entry
    before = index.entries[0]?.first ?? before
    if (index.complete || before <= sequences[0]) return
    await index.loadMore(tx)
  }
}

async function fetch(tx: ReadTransaction, entries: readonly SegmentEntry[]): Promise<Fetched[]> {
  const stored = await Promise.all(entries.map((entry) => tx.get('segments', entry.first)))
  return entries.map((entry, at) => ({ entry, stored: stored[at] }))
}

interface Opened {
  /** Inflated. */
  stored: StoredSegment
  segment: Segment
}

async function open({ entry, stored }: Fetched, { onDamaged }: Reading): Promise<Opened | null> {
  try {
    if (stored === undefined) throw new Error('The segment is missing')
    const plain = await inflateSegment(stored)
    return { stored: plain, segment: openSegment(plain) }
  } catch (error) {
    onDamaged(entry, error)
    return null
  }
}
