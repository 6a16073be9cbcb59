import type { TrackedInterval, Unit } from '../../src/core/counters.js'
import type { PanelCounter } from '../../src/protocol/panel-source.js'
import { LENGTHS } from './counter-window.js'
import type { LaneCounts } from './lane-order.js'
import type { Tile } from './viewport.js'

// Every event is counted under `topic/type`, a '/' or '%' in a name percent-encoded. So the counters can tell about how
// much there was when, before anything of the log is read.

/** The finest unit whose buckets reach back far enough; else the one that reaches furthest. */
export function coarseUnit(tracked: readonly TrackedInterval[], since: number, now: number): Unit | null {
  const reach = ({ unit, buckets }: TrackedInterval): number => LENGTHS[unit] * buckets
  const byReach = [...tracked].sort((a, b) => reach(a) - reach(b))
  return (byReach.find((interval) => reach(interval) >= now - since) ?? byReach.at(-1))?.unit ?? null
}

export interface CoarseNames {
  by: 'topic' | 'type'
  topics: readonly string[]
  /** Null: all. */
  types: readonly string[] | null
}

/** What was counted in a bucket of time is spread over it. */
export function coarseLanes(
  counters: readonly PanelCounter[],
  unit: Unit,
  { by, topics, types }: CoarseNames,
  tile: Tile,
  now: number,
): LaneCounts[] {
  const lanes = new Map<string, LaneCounts>()
  for (const { id, buckets } of counters) {
    const [topic, type, ...rest] = id.split('/').map(decoded)
    if (topic == null || type == null || rest.length > 0) continue
    if (!topics.includes(topic) || (types !== null && !types.includes(type))) continue
    const key = by === 'topic' ? topic : type
    let lane = lanes.get(key)
    if (!lane) lanes.set(key, (lane = { key, counts: new Uint32Array(tile.buckets), total: 0 }))
    spread(lane, buckets, LENGTHS[unit], tile, now)
  }
  return [...lanes.values()].filter(({ total }) => total > 0)
}

// Buckets are newest first; the newest one holds the present.
function spread(lane: LaneCounts, buckets: readonly number[], lengthMs: number, tile: Tile, now: number): void {
  const newest = Math.floor(now / lengthMs) * lengthMs
  for (const [age, value] of buckets.entries()) {
    const start = newest - age * lengthMs
    const from = Math.max(0, Math.floor((start - tile.since) / tile.bucketMs))
    const to = Math.min(tile.buckets, Math.ceil((start + lengthMs - tile.since) / tile.bucketMs))
    if (value === 0 || to <= from) continue
    lane.total += value
    // A little is still to be seen.
    const each = Math.ceil((value * tile.bucketMs) / Math.max(lengthMs, tile.bucketMs))
    for (let at = from; at < to; at++) lane.counts[at]! += each
  }
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part)
  } catch {
    return null
  }
}
