import type { Schedule } from '../../core/counters.js'
import { faultOf, invalidArgument, storeError } from '../../core/fault.js'
import type { Counter } from './counter.js'
import type { Layout } from './layout.js'
import { isDuring, nextChange } from './schedule.js'
import { UNIT_MS } from './unit.js'

export type Constraint =
  | { is: 'atMost'; id: string; limit: number; windowMs: number }
  | { is: 'atLeast'; id: string; count: number; windowMs: number }
  | { is: 'cooldown' | 'within'; id: string; windowMs: number }
  | { is: 'during' | 'outsideOf'; schedule: Schedule }

/** What a limiter asks before one more of `id`. */
export interface LimitPlan {
  id: string
  constraints: readonly Constraint[]
}

/** A slot held for one more. */
export interface Held {
  id: string
  heldAt: number
  expiresAt: number
}

/** What limits are checked against. */
export interface Counted {
  layout: Layout
  now: number
  counter(id: string): Counter | null
  /** The slots held of an id now. */
  held(id: string): readonly Held[]
}

// Throws 'limit-exceeded' for the first constraint that does not hold.
export function checkLimits({ id: checked, constraints }: LimitPlan, counted: Counted): void {
  for (const constraint of constraints) {
    const refusal = refusalBy(constraint, counted)
    if (refusal === null) continue
    const { is } = constraint
    const id = 'id' in constraint ? constraint.id : null
    const at = refusal.retryAt
    throw storeError(
      'limit-exceeded',
      `'${checked}' is refused by ${is}${id === null ? '' : ` of '${id}'`}: ${refusal.why}.`,
      {
        id,
        checked,
        constraint: is,
        ...(at === undefined ? {} : { retryAfterMs: Math.max(0, at - counted.now) }),
      },
    )
  }
}

export function usageOf(
  { id, constraints }: LimitPlan,
  counted: Counted,
): { count: number; limit: number; remaining: number } {
  const usages = constraints.flatMap((constraint) => {
    if (constraint.is !== 'atMost' || constraint.id !== id) return []
    const { limit, windowMs } = constraint
    const count = sum(inWindow(id, windowMs, counted).counts) + counted.held(id).length
    return [{ count, limit, remaining: Math.max(0, limit - count) }]
  })
  if (usages.length === 0) throw invalidArgument('id', 'the id of an atMost() of this limiter', id)
  return usages.reduce((tightest, usage) => (usage.remaining < tightest.remaining ? usage : tightest))
}

/** How a constraint stands now. */
export interface LimitState {
  constraint: Constraint
  /** In its window, with the slots held; null where nothing is counted. */
  used: number | null
  /** Why one more is refused; null: it is not. */
  refusal: string | null
  /** Until one more may pass, as far as that is known. */
  retryAfterMs: number | null
}

export function stateOf(constraint: Constraint, counted: Counted): LimitState {
  const isCounted = constraint.is === 'atMost' || constraint.is === 'atLeast'
  try {
    const used = isCounted
      ? sum(inWindow(constraint.id, constraint.windowMs, counted).counts) +
        (constraint.is === 'atMost' ? counted.held(constraint.id).length : 0)
      : null
    const refusal = refusalBy(constraint, counted)
    const retryAfterMs = refusal?.retryAt === undefined ? null : Math.max(0, refusal.retryAt - counted.now)
    return { constraint, used, refusal: refusal?.why ?? null, retryAfterMs }
  } catch (error) {
    // Its window is longer than what is tracked.
    return { constraint, used: null, refusal: faultOf(error).message, retryAfterMs: null }
  }
}

interface Refusal {
  why: string
  /** When it may be passed, as far as that is known. */
  retryAt?: number | undefined
}

function refusalBy(constraint: Constraint, counted: Counted): Refusal | null {
  const { now, layout } = counted
  if ('schedule' in constraint) {
    const { is, schedule } = constraint
    const { timeZone } = layout.calendar
    if (isDuring(schedule, timeZone, now) === (is === 'during')) return null
    return { why: 'it is not the time for it', retryAt: nextChange(schedule, timeZone, now) ?? undefined }
  }
  const { id, windowMs } = constraint
  if (constraint.is === 'atMost') return overLimit(id, constraint.limit, windowMs, counted)
  if (constraint.is === 'atLeast') {
    const count = sum(inWindow(id, windowMs, counted).counts)
    return count >= constraint.count ? null : { why: `there were ${count} of at least ${constraint.count}` }
  }
  const last = counted.counter(id)?.last ?? -Infinity
  if (constraint.is === 'within') return now - last <= windowMs ? null : { why: 'it is not so recent' }
  const latest = counted.held(id).reduce((latest, { heldAt }) => Math.max(latest, heldAt), last)
  return now - latest >= windowMs ? null : { why: 'it happened just now', retryAt: Math.min(latest, now) + windowMs }
}

function overLimit(id: string, limit: number, windowMs: number, counted: Counted): Refusal | null {
  const { counts, leaves } = inWindow(id, windowMs, counted)
  const held = counted.held(id)
  let count = sum(counts) + held.length
  if (count < limit) return null
  const why = `${count} of at most ${limit}`
  const leaving = [
    ...counts.map((count, behind) => ({ count, at: leaves(behind) })),
    ...held.map(({ expiresAt }) => ({ count: 1, at: expiresAt })),
  ].sort((a, b) => a.at - b.at)
  for (const { count: own, at } of leaving) {
    count -= own
    if (count < limit) return { why, retryAt: at }
  }
  return { why }
}

interface Windowed {
  /** Of the buckets that the window touches, newest first. */
  counts: number[]
  /** When one of them is no longer touched. */
  leaves(behind: number): number
}

// Read from the finest unit that covers the window, so that at most one of its buckets is too much. Where there is none
// finer than the window itself, it is the current bucket.
function inWindow(id: string, windowMs: number, counted: Counted): Windowed {
  const { layout, now } = counted
  const at = layout.tracks.findIndex(({ unit, buckets }) => windowMs <= buckets * UNIT_MS[unit])
  if (at < 0) {
    const tracked = layout.tracks.map(({ unit, buckets }) => `${buckets} ${unit}s`).join(', ')
    throw invalidArgument('window', `no longer than what is tracked (${tracked || 'nothing'})`, `${windowMs} ms`)
  }
  const { unit } = layout.tracks[at]!
  const touched = UNIT_MS[unit] >= windowMs ? 1 : Math.ceil(windowMs / UNIT_MS[unit]) + 1
  const found = counted.counter(id)
  const moment = layout.at(now)
  const newest = found?.newestAt(at, moment) ?? moment.indices[at]!
  return {
    counts: found?.read(at, 0, touched, moment) ?? [],
    leaves: (behind) => layout.calendar.startOf(unit, newest - behind + touched),
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
