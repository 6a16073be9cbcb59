import { openSegment, type Segment } from '../codec/decode.js'
import { eventsOf } from '../codec/events.js'
import type { StoredEvent } from '../core/event.js'
import { aborted, invalidArgument } from '../core/fault.js'
import type { Change, Projection } from '../core/projection.js'
import { Turns } from '../core/turns.js'
import { isSame } from '../fold/diff.js'
import { partAt, type Key } from '../fold/parts.js'
import { defineProjection } from '../fold/projection.js'
import { Fold } from '../fold/fold.js'
import type { SegmentSlice } from '../protocol/writer-api.js'
import { assertCount, assertSignal } from './check-query.js'
import type { Handle } from './handle.js'
import { foldLive, holdSource, liveSource, TRIES, type HeldSource } from './project.js'
import { readStretch, type Stretch } from './stretch.js'

/** While fewer changes are found, more and more of a stretch is looked at. */
const FEW = 64
const GROWTH = 4

/** Two checkpoints lie no further apart, where there are any. */
const STRETCH_EVENTS = 32_768

export interface HistoryOptions {
  before?: number
  limit?: number
  signal?: AbortSignal
}

export interface Hit {
  event: StoredEvent
  change: Change
}

// Backwards from checkpoint to checkpoint. Whatever lies between two of them is folded: a value that is the same at both
// may have changed in between, and changed back.
export async function* historyOf<S>(
  handle: Handle,
  projection: Projection<S>,
  path: readonly Key[],
  options: HistoryOptions = {},
): AsyncGenerator<Hit> {
  assertHistory(projection, path, options)
  const { before = Infinity, limit = Infinity, signal } = options
  let held: HeldSource | null = null
  try {
    let left = limit
    let chunks = 1
    let tries = 0
    let mayLackCheckpoints = true
    for (let to = before; to > 0 && left > 0;) {
      const stretch = await readStretch(held ?? liveSource(handle), projection, to, signal)
      if (stretch === null) {
        if (++tries === TRIES) held = await holdSource(handle, projection, to)
        continue
      }
      if (mayLackCheckpoints && stretch.to - stretch.from > STRETCH_EVENTS) {
        mayLackCheckpoints = false
        await foldLive(handle, projection, to, signal)
        continue
      }
      for (let end = stretch.chunks.length; end > 0;) {
        const from = Math.max(0, end - chunks)
        const found = await changesIn(projection, stretch, path, [from, end], signal)
        for (const hit of eventsAt(found)) {
          if (signal?.aborted) throw aborted(signal)
          yield hit
          if (--left <= 0) return
        }
        if (found.length < FEW) chunks *= GROWTH
        end = from
      }
      to = stretch.from
    }
  } finally {
    await held?.release()
  }
}

function assertHistory<S>(projection: Projection<S>, path: unknown, options: HistoryOptions): void {
  defineProjection(projection)
  if (!Array.isArray(path) || !path.every((key) => typeof key === 'string' || typeof key === 'number')) {
    throw invalidArgument('path', 'a list of strings and numbers', path)
  }
  if (typeof options !== 'object' || options === null) throw invalidArgument('options', 'an object', options)
  const { before, limit, signal } = options
  if (before !== undefined) assertCount('before', before)
  if (limit !== undefined) assertCount('limit', limit)
  assertSignal(signal)
}

interface Found {
  slice: SegmentSlice
  /** In the segment. */
  row: number
  change: Change
}

// In the chunks of these places, oldest first.
async function changesIn<S>(
  projection: Projection<S>,
  { start, chunks }: Stretch,
  path: readonly Key[],
  [from, to]: readonly [number, number],
  signal: AbortSignal | undefined,
): Promise<Found[]> {
  const fold = new Fold(projection, start && structuredClone(start))
  const turns = new Turns()
  const found: Found[] = []
  // A copy: the reducer may change it where it lies.
  let last = fold.copyOf(partAt(fold.state, path))
  for (const [at, chunk] of chunks.slice(0, to).entries()) {
    if (at === from) last = fold.copyOf(partAt(fold.state, path))
    for (const slice of chunk) {
      for (const [row, event] of eventsOf(openSegment(slice, 'checked'), slice.rows).entries()) {
        if (turns.isOver) await turns.next()
        if (signal?.aborted) throw aborted(signal)
        fold.apply(event)
        if (at < from) continue
        const now = partAt(fold.state, path)
        if ((last === null) === (now === null) && isSame(last?.value, now?.value)) continue
        const after = fold.copyOf(now)
        found.push({ slice, row: slice.rows ? slice.rows[row]! : row, change: changeOf(path, last, after) })
        last = after
      }
    }
  }
  return found
}

type Part = ReturnType<typeof partAt>

function changeOf(path: readonly Key[], before: Part, after: Part): Change {
  if (before === null) return { path: [...path], kind: 'added', after: after?.value }
  if (after === null) return { path: [...path], kind: 'removed', before: before.value }
  return { path: [...path], kind: 'changed', before: before.value, after: after.value }
}

// Newest first. Read anew: a reducer may have kept and changed the event it was given.
function* eventsAt(found: readonly Found[]): Generator<Hit> {
  let open: [slice: SegmentSlice, segment: Segment] | undefined
  for (const { slice, row, change } of found.toReversed()) {
    if (open?.[0] !== slice) open = [slice, openSegment(slice, 'checked')]
    yield { event: eventsOf(open[1], [row])[0]!, change }
  }
}
