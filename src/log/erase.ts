import type { Segment } from '../codec/decode.js'
import type { ReadRequest } from '../protocol/writer-api.js'
import type { LogDatabase, LogStore, SegmentEntry, SnapshotRow, WriteTransaction } from './database.js'
import type { LogMemory, LogState } from './log-memory.js'
import { matchRows, mayMatch, type VisibleFrom } from './match-rows.js'
import { applyRewrites, openStored, rewriteRows, type Rewrite } from './rewrite.js'
import { putChangedHead } from './seen.js'

const STORES: readonly LogStore[] = ['head', 'topics', 'index', 'segments', 'snapshots']

const STEP_SEGMENTS = 32

/** Also what was cleared but lies in a segment still, or is kept for a snapshot. */
const EVERYTHING: VisibleFrom = { get: () => ({ first: 0 }) }

/**
 * Removes the matching events for good, in steps of some segments; their positions and sequences stay used. `only`
 * names the sequences where not all that match are meant; `step` runs each step. Returns how many of them could be read.
 */
export async function eraseRows(
  database: LogDatabase,
  state: LogState,
  request: ReadRequest,
  only: ReadonlySet<number> | null,
  step: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<number> {
  let erased = 0
  let from = request.sequences[0]
  let to = request.sequences[1]
  while (true) {
    const done = await step(() => eraseStep(database, state, { ...request, sequences: [from, to] }, only))
    if (done === 'again') continue
    erased += done.erased
    if (done.next === null) return erased
    from = done.next
    to = Math.min(to, done.head)
  }
}

type Step = { erased: number; next: number | null; head: number } | 'again'

async function eraseStep(
  database: LogDatabase,
  state: LogState,
  request: ReadRequest,
  only: ReadonlySet<number> | null,
): Promise<Step> {
  const plan = await database.read(STORES, async (tx) => {
    const memory = await state.synchronize(tx)
    await memory.allTopics(tx)
    await memory.index.loadAll(tx)
    const all = memory.index.entries.filter((entry) => mayMatch(entry, request, EVERYTHING))
    const entries = all.slice(0, STEP_SEGMENTS)
    const stored = await Promise.all(entries.map((entry) => tx.get('segments', entry.first)))
    return { entries, stored, next: all[STEP_SEGMENTS]?.first ?? null, head: memory.head }
  })
  const rewrites: Rewrite[] = []
  const gone: Gone[] = []
  for (const [at, entry] of plan.entries.entries()) {
    const segment = await openStored(entry, plan.stored[at])
    const rows = matchRows(segment, request, EVERYTHING)
    const matching = new Set(only ? rows.filter((row) => only.has(segment.sequence[row]!)) : rows)
    if (matching.size === 0) continue
    gone.push(...goneOf(segment, matching))
    const rest = (own: Segment): number[] => rowsBut(own, matching)
    rewrites.push(await rewriteRows([entry], [segment], rest, plan.head.epoch, false))
  }
  const result = { next: plan.next, head: plan.head.nextSequence }
  if (rewrites.length === 0) return { erased: 0, ...result }
  return database.write([...STORES], 'relaxed', async (tx): Promise<Step> => {
    const memory = await state.writable(tx)
    if (memory.head.rewrites !== plan.head.rewrites) return 'again'
    await memory.allTopics(tx)
    await applyRewrites(tx, memory, rewrites)
    const erased = countOut(tx, memory, gone)
    for (const snapshot of await tx.getAll('snapshots')) countOutOf(tx, snapshot, gone)
    putChangedHead(tx, memory, { removed: true })
    return { erased, ...result }
  })
}

interface Gone {
  topic: string
  position: number
  sequence: number
  bytes: number
}

function goneOf({ columns, position, sequence }: Segment, rows: ReadonlySet<number>): Gone[] {
  return Array.from(rows, (row) => ({
    topic: columns.topics[columns.topic ? columns.topic[row]! : 0]!,
    position: position[row]!,
    sequence: sequence[row]!,
    bytes: columns.ends[row]! - (row === 0 ? 0 : columns.ends[row - 1]! + 1),
  }))
}

function rowsBut({ columns }: Segment, rows: ReadonlySet<number>): number[] {
  return Array.from({ length: columns.count }, (_, row) => row).filter((row) => !rows.has(row))
}

function countOut(tx: WriteTransaction, memory: LogMemory, gone: readonly Gone[]): number {
  let erased = 0
  for (const name of new Set(gone.map(({ topic }) => topic))) {
    const row = memory.topics.get(name)!
    const own = gone.filter(({ topic, position }) => topic === name && position >= row.first)
    erased += own.length
    const spans = memory.index.entries.flatMap((entry) => visibleSpans(entry, name, row.first))
    const changed = {
      ...row,
      count: row.count - own.length,
      bytes: row.bytes - own.reduce((sum, { bytes }) => sum + bytes, 0),
      since: spans.length > 0 ? Math.min(...spans.map((span) => span.since)) : null,
      until: spans.length > 0 ? Math.max(...spans.map((span) => span.until)) : null,
    }
    memory.topics.set(name, changed)
    memory.ids.delete(name)
    tx.put('topics', name, changed)
  }
  memory.head = { ...memory.head, events: memory.head.events - erased }
  return erased
}

function visibleSpans(entry: SegmentEntry, topic: string, first: number): SegmentEntry['topics'] {
  return entry.topics.filter((span) => span.name === topic && span.last >= first)
}

function countOutOf(tx: WriteTransaction, snapshot: SnapshotRow, gone: readonly Gone[]): void {
  const topics = new Map(snapshot.topics)
  let changed = false
  for (const { topic, position, sequence, bytes } of gone) {
    const seen = topics.get(topic)
    if (!seen || sequence >= snapshot.end || position < seen.first) continue
    topics.set(topic, { ...seen, count: seen.count - 1, bytes: seen.bytes - bytes })
    changed = true
  }
  if (changed) tx.put('snapshots', snapshot.id, { ...snapshot, topics })
}
