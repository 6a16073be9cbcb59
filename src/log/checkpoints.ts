import { storeError } from '../core/fault.js'
import { randomId } from '../core/ids.js'
import { weightOf } from '../fold/weight.js'
import type { Checkpoint, CheckpointQuery, FoundCheckpoint, LogMark, ProjectionId } from '../protocol/checkpoint.js'
import { crowdedOut } from './crowded-out.js'
import type { Head, LogStore, ReadTransaction, SnapshotRow, WriteTransaction } from './database.js'
import type { LogMemory } from './log-memory.js'

// What is listed holds for the log as it is: a transaction that removes events takes from the list what had them in
// it, and nothing is listed that was folded from what was removed meanwhile. A log in a new epoch has none.

export const CHECKPOINT_STORES: readonly LogStore[] = [
  'head',
  'topics',
  'segments',
  'index',
  'snapshots',
  'checkpoints',
]

const LIST = 'projections'

/** A larger state is not kept: writing it would take longer than what it saves. */
const MOST_STATE_BYTES = 16 * 1024 * 1024

export interface CheckpointEntry extends ProjectionId {
  /** Of the state, in the same store. */
  key: string
  epoch: number
  end: number
  sequence: number
  bytes: number
}

/** The one with the most in it that may be used. */
export async function findCheckpoint(
  tx: ReadTransaction,
  memory: LogMemory,
  { projection, before, snapshot }: CheckpointQuery,
): Promise<FoundCheckpoint> {
  const { database, epoch, removals, nextSequence } = memory.head
  const row = snapshot === null ? null : await snapshotRow(tx, snapshot)
  if (row && !(await seesWhatIsThere(tx, memory, row, projection))) return { checkpoint: null, mark: null, removals }
  const most = Math.min(before, nextSequence, row?.end ?? Infinity)
  const usable = (await listed(tx)).filter((own) => isOf(own, projection) && own.epoch === epoch && own.end <= most)
  const entry = usable.sort((a, b) => b.end - a.end)[0]
  const kept = entry && ((await tx.get('checkpoints', entry.key)) as { state: unknown } | undefined)
  return {
    checkpoint: kept ? { end: entry.end, sequence: entry.sequence, state: kept.state } : null,
    mark: { database, epoch, removals },
    removals,
  }
}

/** False: its state is too large, or what it was folded from is not what is there. */
export async function keepCheckpoint(
  tx: WriteTransaction,
  head: Head,
  { name, version, topics }: ProjectionId,
  { end, sequence, state }: Checkpoint,
  mark: LogMark,
): Promise<boolean> {
  if (!isAsMarked(head, mark) || end > head.nextSequence) return false
  const bytes = weightOf(state, MOST_STATE_BYTES)
  if (bytes === Infinity) return false
  const entry = { key: `${LIST} ${randomId()}`, name, version, topics, epoch: head.epoch, end, sequence, bytes }
  const list = await listed(tx)
  const own = list.filter((other) => isOf(other, entry))
  if (own.some((other) => other.end === end && other.epoch === head.epoch)) return true
  tx.put('checkpoints', entry.key, { state })
  // What nobody adds to any more comes to stand first.
  const all = [...list.filter((other) => !own.includes(other)), ...own, entry]
  putWithout(tx, all, crowdedOut(all, [...own, entry]))
  return true
}

/** Takes out what has removed events in it: of these topics (null: of all), from this sequence on. */
export async function dropCheckpoints(
  tx: WriteTransaction,
  topics: ReadonlySet<string> | null,
  from: number,
): Promise<void> {
  const list = await listed(tx)
  const gone = list.filter(
    (entry) =>
      entry.end > from && (topics === null || entry.topics === null || entry.topics.some((name) => topics.has(name))),
  )
  if (gone.length > 0) putWithout(tx, list, new Set(gone))
}

/** All of them, whatever is listed. */
export function dropAllCheckpoints(tx: WriteTransaction): void {
  tx.delete('checkpoints', { from: LIST, to: `${LIST}!` })
}

async function listed(tx: ReadTransaction): Promise<CheckpointEntry[]> {
  const list = (await tx.get('checkpoints', LIST)) as CheckpointEntry[] | undefined
  return Array.isArray(list) ? list : []
}

function putWithout(tx: WriteTransaction, list: readonly CheckpointEntry[], gone: ReadonlySet<CheckpointEntry>): void {
  for (const { key } of gone) tx.delete('checkpoints', { from: key, to: `${key}\0` })
  const kept = list.filter((entry) => !gone.has(entry))
  tx.put('checkpoints', LIST, kept)
}

async function snapshotRow(tx: ReadTransaction, id: string): Promise<SnapshotRow> {
  const row = await tx.get('snapshots', id)
  if (row) return row
  throw storeError('not-found', 'This snapshot is closed: take a new one with store.snapshot().', { snapshot: id })
}

// Whether nothing that the snapshot sees of the projection's topics has been cleared or evicted since.
async function seesWhatIsThere(
  tx: ReadTransaction,
  memory: LogMemory,
  { topics: seen }: SnapshotRow,
  { topics }: ProjectionId,
): Promise<boolean> {
  for (const [name, { first }] of seen) {
    if (topics !== null && !topics.includes(name)) continue
    if ((await memory.topic(tx, name)).first !== first) return false
  }
  return true
}

function isAsMarked({ database, epoch, removals }: Head, mark: LogMark): boolean {
  return database === mark.database && epoch === mark.epoch && removals === mark.removals
}

function isOf(a: ProjectionId, b: ProjectionId): boolean {
  return a.name === b.name && a.version === b.version && a.topics?.join('\0') === b.topics?.join('\0')
}
