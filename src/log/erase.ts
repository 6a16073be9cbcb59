import type { Segment } from '../codec/decode.js'
import type { ReadRequest } from '../protocol/writer-api.js'
import { dropCheckpoints } from './checkpoints.js'
import { addErased, erasedBy, isDone, markDone, type Command } from './commands.js'
import type { LogDatabase, LogStore, SegmentEntry, SnapshotRow, WriteTransaction } from './database.js'
import type { LogMemory, LogState } from './log-memory.js'
import { matchRows, mayMatch, type VisibleFrom } from './match-rows.js'
import { applyRewrites, openStored, rewriteRows, type Rewrite } from './rewrite.js'
import { putChangedHead } from './seen.js'

const STORES: readonly LogStore[] = ['head', 'topics', 'producers', 'index', 'segments', 'snapshots', 'checkpoints']

const STEP_SEGMENTS = 32

/** Also what was cleared but lies in a segment still, or is kept for a snapshot. */
const EVERYTHING: VisibleFrom = { get: () => ({ first: 0 }) }

export interface Erasure {
  request: ReadRequest
  /** The sequences meant, where not all that match are. */
  only: ReadonlySet<number> | null
  command: Command | null
}

/**
 * Removes the matching events for good, in steps of some segments; their positions and sequences stay used. `step` runs
 * each step. Returns how many of them could be read; of a command, all that went by it.
 */
export async function eraseRows(
  database: LogDatabase,
  state: LogState,
  erasure: Erasure,
  step: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<number> {
  let erased = 0
  let [from, to] = erasure.request.sequences
  while (true) {
    const request = { ...erasure.request, sequences: [from, to] as const }
    const done = await step(() => eraseStep(database, state, { ...erasure, request }))
    if (done === 'again') continue
    if ('total' in done) return done.total
    erased += done.erased
    if (done.next === null) return erased
    from = done.next
    to = Math.min(to, done.head)
  }
}

type Step = { erased: number; next: number | null; head: number } | { total: number } | 'again'

async function eraseStep(database: LogDatabase, state: LogState, { request, only, command }: Erasure): Promise<Step> {
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
  const marked = plan.next === null && !command?.isEarly ? command : null
  if (rewrites.length === 0 && !marked) return { erased: 0, ...result }
  return database.write([...STORES], 'relaxed', async (tx): Promise<Step> => {
    const memory = await state.writable(tx)
    if (command && (await isDone(tx, memory, command))) {
      return { total: command.isEarly ? 0 : erasedBy(memory, command) }
    }
    if (memory.head.rewrites !== plan.head.rewrites) return 'again'
    await memory.allTopics(tx)
    await applyRewrites(tx, memory, rewrites)
    const erased = countOut(tx, memory, gone)
    for (const snapshot of await tx.getAll('snapshots')) countOutOf(tx, snapshot, gone)
    if (gone.length > 0) {
      await dropCheckpoints(tx, new Set(gone.map(({ topic }) => topic)), gone[0]!.sequence)
    }
    if (command) addErased(tx, memory, command, erased)
    if (marked) markDone(tx, memory, marked)
    putChangedHead(tx, memory, { removed: gone.length > 0 })
    return marked ? { total: erasedBy(memory, marked) } : { erased, ...result }
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
