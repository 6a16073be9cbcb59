import type { CheckpointEntry } from './checkpoints.js'

const MOST_EACH = 128
const MOST = 512
const MOST_BYTES = 64 * 1024 * 1024

/**
 * Which checkpoints go when one is added: of its own projection first those that are missed least, so that they stand
 * close at the head and ever wider apart towards the beginning; then those of the projections that were added to
 * longest ago, which stand first in the list.
 */
export function crowdedOut(list: readonly CheckpointEntry[], own: readonly CheckpointEntry[]): Set<CheckpointEntry> {
  const gone = new Set<CheckpointEntry>()
  const kept = [...own].sort((a, b) => a.end - b.end)
  const thin = (): void => {
    gone.add(kept.splice(missedLeast(kept), 1)[0]!)
  }
  while (kept.length > MOST_EACH) thin()
  const left = list.filter((entry) => !gone.has(entry))
  let bytes = left.reduce((sum, entry) => sum + entry.bytes, 0)
  for (let count = left.length; count > MOST || bytes > MOST_BYTES; count--) {
    const before = gone.size
    const first = list.find((entry) => !gone.has(entry))!
    if (kept.includes(first)) thin()
    else gone.add(first)
    bytes -= [...gone].at(before)!.bytes
  }
  return gone
}

// Where the gap it leaves is smallest beside its distance to the newest, which always stays.
function missedLeast(entries: readonly CheckpointEntry[]): number {
  const newest = entries.at(-1)!.end
  let least = { at: 0, gap: Infinity }
  for (let at = 0; at < entries.length - 1; at++) {
    const gap = (entries[at + 1]!.end - (entries[at - 1]?.end ?? 0)) / (newest - entries[at]!.end)
    if (gap < least.gap) least = { at, gap }
  }
  return least.at
}
