import type { ProjectedState, Projection } from '../core/projection.js'
import { defineProjection } from '../fold/projection.js'
import { assertCount } from './check-query.js'
import { foldLog, idOf, type Folded, type FoldSource } from './fold-log.js'
import type { Handle } from './handle.js'

/** Events that go away while they are folded are folded anew this often; then they are held fast. */
export const TRIES = 2

export async function projectLog<S>(
  handle: Handle,
  projection: Projection<S>,
  { at }: { at?: number } = {},
): Promise<ProjectedState<S>> {
  defineProjection(projection)
  if (at !== undefined) assertCount('at', at)
  const { fold } = await foldLive(handle, projection, at === undefined ? Infinity : at + 1)
  return projected(fold)
}

export async function projectSnapshot<S>(source: FoldSource, projection: Projection<S>): Promise<ProjectedState<S>> {
  defineProjection(projection)
  const { fold } = await foldHeld(source, projection, Infinity)
  return projected(fold)
}

/** Of every event in the log, or of those below `before`. */
export async function foldLive<S>(
  handle: Handle,
  projection: Projection<S>,
  before: number,
  signal?: AbortSignal,
): Promise<Folded<S>> {
  for (let tries = 0; tries < TRIES; tries++) {
    const folded = await foldLog(liveSource(handle), projection, before, signal)
    if (folded) return folded
  }
  const held = await holdSource(handle, projection, before)
  try {
    return await foldHeld(held, projection, before, signal)
  } finally {
    await held.release()
  }
}

export function liveSource(handle: Handle): FoldSource {
  handle.assertOpen()
  return { ask: handle.ask, connection: handle.shared.connection, snapshot: null, topics: null }
}

export type HeldSource = FoldSource & { release(): Promise<void> }

/** What is below `before` now, until it is released. */
export async function holdSource<S>(handle: Handle, projection: Projection<S>, before: number): Promise<HeldSource> {
  handle.assertOpen()
  const { connection, outbox } = handle.shared
  outbox.seal()
  const at = before === Infinity ? null : before - 1
  const { id } = await connection.call('snapshotOpen', at, idOf(projection, null).topics)
  return {
    ask: (request) => connection.call('read', { ...request, snapshot: id }),
    connection,
    snapshot: id,
    topics: null,
    release: () => connection.call('snapshotClose', id),
  }
}

// In a snapshot nothing goes away.
async function foldHeld<S>(
  source: FoldSource,
  projection: Projection<S>,
  before: number,
  signal?: AbortSignal,
): Promise<Folded<S>> {
  return (await foldLog(source, projection, before, signal))!
}

function projected<S>(fold: Folded<S>['fold']): ProjectedState<S> {
  return { state: fold.copy(), sequence: fold.sequence, replayed: fold.replayed }
}
