import { canCompress } from '../codec/compress.js'
import type { Segment } from '../codec/decode.js'
import { SEGMENT_BYTES, SEGMENT_EVENTS } from '../codec/encode.js'
import type { StoredSegment } from '../codec/segment.js'
import type { LogDatabase, LogStore, SegmentEntry } from './database.js'
import type { LogMemory, LogState } from './log-memory.js'
import { applyRewrites, openStored, rewriteRows, type Rewrite } from './rewrite.js'
import { isSeen, putChangedHead, readersOf, type Reader } from './seen.js'

/** The encoder reckons with this much more for a row than it may take: what seems to fit must fit by its measure too. */
const ESTIMATE_BYTES = 24

/** Below this a segment is not worth compressing. */
const COMPRESS_FROM_BYTES = 1024

export interface CompactPolicy {
  /** Neighbours are merged when this many at least fit into one segment. */
  mergeFrom: number
  /** Segments older than this many are compressed; Infinity: none. */
  compressAfter: number
  /** One step rewrites about this much: reads and appends wait for it. */
  stepBytes: number
}

const STORES: readonly LogStore[] = ['head', 'topics', 'index', 'segments', 'snapshots']

/**
 * One step of compaction: merges small neighbours, compresses cold segments, drops rows nobody can see. Whoever reads
 * meanwhile sees the same events. Returns false when there is nothing to do.
 */
export async function compactStep(database: LogDatabase, state: LogState, policy: CompactPolicy): Promise<boolean> {
  const plan = await database.read(STORES, async (tx) => {
    const memory = await state.synchronize(tx)
    await memory.allTopics(tx)
    await memory.index.loadAll(tx)
    const readers = readersOf(memory, await tx.getAll('snapshots'))
    const runs = firstRuns(memory, readers, policy)
    const stored = await Promise.all(
      runs.flatMap(({ entries }) => entries).map((entry) => tx.get('segments', entry.first)),
    )
    return { runs, stored, readers, head: memory.head }
  })
  if (plan.runs.length === 0) return false
  const rewrites = await makeRewrites(plan.runs, plan.stored, plan.readers, plan.head.epoch)
  await database.write([...STORES], 'relaxed', async (tx) => {
    const memory = await state.writable(tx)
    // Someone else was faster: the next step plans anew.
    if (memory.head.rewrites !== plan.head.rewrites) return
    await applyRewrites(tx, memory, rewrites)
    putChangedHead(tx, memory, { removed: false })
  })
  return true
}

async function makeRewrites(
  runs: readonly Run[],
  stored: readonly (StoredSegment | undefined)[],
  readers: readonly Reader[],
  epoch: number,
): Promise<Rewrite[]> {
  const rewrites: Rewrite[] = []
  let at = 0
  for (const { entries, cold } of runs) {
    const segments: Segment[] = []
    for (const entry of entries) segments.push(await openStored(entry, stored[at++]))
    rewrites.push(await rewriteRows(entries, segments, (segment) => seenRows(segment, readers), epoch, cold))
  }
  return rewrites
}

interface Run {
  entries: SegmentEntry[]
  cold: boolean
}

// Neighbours that are rewritten together, up to a step's worth.
function firstRuns(memory: LogMemory, readers: readonly Reader[], policy: CompactPolicy): Run[] {
  const { entries } = memory.index
  const coldCount = canCompress() ? Math.max(0, entries.length - policy.compressAfter) : 0
  const runs: Run[] = []
  let bytes = 0
  for (let from = 0; from < entries.length && bytes < policy.stepBytes;) {
    const to = endOfRun(entries, from)
    const run = { entries: entries.slice(from, to), cold: to <= coldCount }
    if (run.entries.length >= policy.mergeFrom || run.entries.some((entry) => isWorthIt(entry, readers, run.cold))) {
      runs.push(run)
      for (const entry of run.entries) bytes += entry.plainBytes
    }
    from = to
  }
  return runs
}

// As many as fit into one segment, at least one.
function endOfRun(entries: readonly SegmentEntry[], from: number): number {
  let bytes = 0
  let count = 0
  let to = from
  while (to < entries.length) {
    bytes += entries[to]!.plainBytes + entries[to]!.count * ESTIMATE_BYTES
    count += entries[to]!.count
    if (to > from && (bytes > SEGMENT_BYTES || count > SEGMENT_EVENTS)) break
    to++
  }
  return to
}

function isWorthIt(entry: SegmentEntry, readers: readonly Reader[], cold: boolean): boolean {
  if (cold && !entry.packed && entry.plainBytes >= COMPRESS_FROM_BYTES) return true
  return entry.topics.some((span) => !isSeen(readers, span.name, span.last, entry.first))
}

function seenRows({ columns, position, sequence }: Segment, readers: readonly Reader[]): number[] {
  const rows: number[] = []
  for (let row = 0; row < columns.count; row++) {
    const topic = columns.topics[columns.topic ? columns.topic[row]! : 0]!
    if (isSeen(readers, topic, position[row]!, sequence[row]!)) rows.push(row)
  }
  return rows
}
