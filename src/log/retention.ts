import type { Retention } from '../core/options.js'
import { dropCheckpoints } from './checkpoints.js'
import type { SegmentEntry, TopicSpan, WriteTransaction } from './database.js'
import type { LogMemory } from './log-memory.js'
import { dropUnseen, putChangedHead } from './seen.js'

/** The store's retention covers the topics that have none of their own. */
export interface RetentionPolicy {
  store: Retention | null
  topics: ReadonlyMap<string, Retention>
}

/**
 * Lets the oldest events go, segment by segment: what stays of a topic is a contiguous newest suffix. A segment stays
 * as long as there are fewer than `maxEvents` newer events, and goes once there are `maxBytes` in newer ones or its
 * newest event is older than `maxAgeMs`. Returns how many events were evicted.
 */
export async function applyRetention(
  tx: WriteTransaction,
  memory: LogMemory,
  policy: RetentionPolicy,
  now: number,
): Promise<number> {
  await memory.allTopics(tx)
  await memory.index.loadAll(tx)
  const common = [...memory.topics.keys()].filter((name) => !policy.topics.has(name))
  const before = new Map(memory.topics)
  let evicted = 0
  if (policy.store) evicted += evict(tx, memory, new Set(common), policy.store, now)
  for (const [name, retention] of policy.topics) evicted += evict(tx, memory, new Set([name]), retention, now)
  if (evicted === 0) return 0
  memory.head = { ...memory.head, events: memory.head.events - evicted, evicted: memory.head.evicted + evicted }
  await dropUnseen(tx, memory)
  const touched = [...memory.topics].filter(([name, row]) => row !== before.get(name))
  await dropCheckpoints(tx, new Set(touched.map(([name]) => name)), 0)
  putChangedHead(tx, memory, { removed: true })
  return evicted
}

function evict(
  tx: WriteTransaction,
  memory: LogMemory,
  topics: ReadonlySet<string>,
  retention: Retention,
  now: number,
): number {
  const { kept, gone } = divide(memory, topics, retention, now)
  if (gone.length === 0) return 0
  let evicted = 0
  const touched = new Set(gone.flatMap(({ spans }) => spans.map(({ name }) => name)))
  for (const name of touched) {
    const row = memory.topics.get(name)!
    const own = (part: Part[]): TopicSpan[] => part.flatMap(({ spans }) => spans.filter((span) => span.name === name))
    const lost = own(gone)
    const rest = own(kept)
    const changed = {
      ...row,
      first: Math.max(...lost.map((span) => span.last)) + 1,
      count: row.count - sum(lost, 'count'),
      bytes: row.bytes - sum(lost, 'bytes'),
      since: rest.length > 0 ? Math.min(...rest.map((span) => span.since)) : null,
      until: rest.length > 0 ? Math.max(...rest.map((span) => span.until)) : null,
    }
    evicted += row.count - changed.count
    memory.topics.set(name, changed)
    memory.ids.delete(name)
    tx.put('topics', name, changed)
  }
  return evicted
}

/** What a segment holds of the topics looked at. */
interface Part {
  spans: TopicSpan[]
  count: number
  bytes: number
  until: number
}

function divide(
  memory: LogMemory,
  topics: ReadonlySet<string>,
  { maxEvents = Infinity, maxBytes = Infinity, maxAgeMs = Infinity }: Retention,
  now: number,
): { kept: Part[]; gone: Part[] } {
  const parts = memory.index.entries.map((entry) => partOf(memory, topics, entry)).filter(({ count }) => count > 0)
  let events = 0
  let bytes = 0
  let keptFrom = parts.length
  while (keptFrom > 0) {
    const part = parts[keptFrom - 1]!
    if (events >= maxEvents || bytes >= maxBytes || part.until < now - maxAgeMs) break
    events += part.count
    bytes += part.bytes
    keptFrom--
  }
  return { kept: parts.slice(keptFrom), gone: parts.slice(0, keptFrom) }
}

function partOf(memory: LogMemory, topics: ReadonlySet<string>, entry: SegmentEntry): Part {
  const spans = entry.topics.filter(
    (span) => topics.has(span.name) && span.last >= (memory.topics.get(span.name)?.first ?? Infinity),
  )
  const count = sum(spans, 'count')
  return {
    spans,
    count,
    bytes: (entry.bytes * count) / entry.count,
    until: Math.max(...spans.map((span) => span.until)),
  }
}

function sum(spans: readonly TopicSpan[], field: 'count' | 'bytes'): number {
  return spans.reduce((total, span) => total + span[field], 0)
}
