import { openSegment } from '../codec/decode.js'
import { eventsOf } from '../codec/events.js'
import type { Projection } from '../core/projection.js'
import { Turns } from '../core/turns.js'
import { Fold } from '../fold/fold.js'
import type { ProjectionId } from '../protocol/checkpoint.js'
import { requestFor, type ReadPage } from '../protocol/writer-api.js'
import { CheckpointKeeper } from './checkpoint-keeper.js'
import type { Connection } from './connection.js'
import { pagesOf, type AskPage } from './reading.js'

/** The events to fold: those in the log, or those that a snapshot sees. */
export interface FoldSource {
  readonly ask: AskPage
  readonly connection: Connection
  readonly snapshot: string | null
  /** What it is restricted to; null = all. */
  readonly topics: readonly string[] | null
}

/** A fold of every event below `end`, as the log was when its `removals` were these. */
export interface Folded<S> {
  fold: Fold<S>
  end: number
  removals: number
  /** Folds what follows too. */
  add(page: ReadPage): Promise<void>
}

// From the nearest checkpoint on, in turns between which the page lives, leaving checkpoints on the way. Null: events
// were removed from the log while they were read.
export async function foldLog<S>(
  { ask, connection, snapshot, topics }: FoldSource,
  projection: Projection<S>,
  before: number,
  signal?: AbortSignal,
): Promise<Folded<S> | null> {
  const id = idOf(projection, topics)
  const { checkpoint, mark, removals } = await connection.call('checkpoint', { projection: id, before, snapshot })
  const fold = new Fold(projection, checkpoint)
  const turns = new Turns()
  const keeper = new CheckpointKeeper(connection, id, mark, turns)
  const from = checkpoint?.end ?? 0
  const pages = pagesOf(ask, requestFor({ topics: id.topics, sequences: [from, before] }), signal, true)
  const add = (page: ReadPage): Promise<void> => foldPage(fold, page, turns, keeper)
  let head: number | null = null
  while (true) {
    const { value: page, done } = await turns.waiting(pages.next())
    if (done) break
    if (snapshot === null && page.removals !== removals) return null
    head ??= page.head
    await add(page)
  }
  await keeper.settled()
  return { fold, end: Math.max(from, Math.min(before, head ?? 0)), removals, add }
}

async function foldPage<S>(fold: Fold<S>, page: ReadPage, turns: Turns, keeper: CheckpointKeeper): Promise<void> {
  for (const slice of page.slices) {
    if (turns.isOver) await turns.next()
    for (const event of eventsOf(openSegment(slice, 'checked'), slice.rows)) {
      fold.apply(event)
      if (turns.isOver) await turns.next()
    }
    await keeper.passed(fold)
  }
}

/** Of the projection as it is folded from a source of some topics. */
export function idOf<S>({ name, version, topics }: Projection<S>, within: readonly string[] | null): ProjectionId {
  const both = topics === undefined ? within : within === null ? topics : topics.filter((own) => within.includes(own))
  return { name, version, topics: both && [...new Set(both)].sort() }
}
