import { inflateSegment } from '../codec/compress.js'
import { startOf } from '../codec/columns.js'
import { openSegment, type Segment } from '../codec/decode.js'
import type { StoredSegment } from '../codec/segment.js'
import { dropAllCheckpoints } from './checkpoints.js'
import {
  NO_COUNTERS,
  type Head,
  type LogDatabase,
  type LogStore,
  type SegmentEntry,
  type TopicRow,
  type WriteTransaction,
} from './database.js'
import { describeSegment } from './describe.js'
import { isHead, newHead } from './log-memory.js'

const STORES: readonly LogStore[] = ['head', 'topics', 'index', 'segments', 'checkpoints']

/** Read at once; an index group is made of as many. */
const GROUP_SEGMENTS = 32

/** What was read of all segments, one after the other. */
interface Found {
  groups: SegmentEntry[][]
  topics: Map<string, TopicRow>
  nextSequence: number
  epoch: number
}

/**
 * Makes index and head anew from the segments, and the topics' counts with them. Segments that cannot be read stay
 * where they are; nothing names them any more. `last` is the head as someone may remember it. Returns how many events
 * can be read.
 */
export async function mendIndex(database: LogDatabase, last: Head | null): Promise<number> {
  for (;;) {
    const { head, rows } = await database.read(STORES, async (tx) => {
      return { head: await tx.get('head', 'head'), rows: await tx.getAll('topics') }
    })
    const found = await readSegments(database, rows)
    const events = await database.write(STORES, 'relaxed', async (tx) => {
      const now = await tx.get('head', 'head')
      // Someone wrote meanwhile.
      if (revisionOf(now) !== revisionOf(head)) return null
      return write(tx, isHead(now) ? now : last, found)
    })
    if (events !== null) return events
  }
}

function revisionOf(head: unknown): number | null {
  return isHead(head) ? head.revision : null
}

async function readSegments(database: LogDatabase, rows: readonly TopicRow[]): Promise<Found> {
  const empty = rows.map((row) => [row.name, { ...row, count: 0, bytes: 0, since: null, until: null }] as const)
  const found: Found = { groups: [], topics: new Map(empty), nextSequence: 0, epoch: 0 }
  for (let from = -Infinity; ;) {
    const stored = await database.read(STORES, (tx) => tx.getAll('segments', { from }, GROUP_SEGMENTS))
    const opened = (await Promise.all(stored.map(open))).filter((one) => one !== null)
    for (const { segment } of opened) add(found, segment)
    if (opened.length > 0) found.groups.push(opened.map(({ entry }) => entry))
    const last = opened.at(-1)
    // None of a whole group can be read: what lies behind it cannot be asked for.
    if (stored.length < GROUP_SEGMENTS || !last) return found
    from = last.entry.last + 1
  }
}

async function open(stored: StoredSegment): Promise<{ entry: SegmentEntry; segment: Segment } | null> {
  try {
    const plain = await inflateSegment(stored)
    const segment = openSegment(plain)
    const entry = describeSegment(segment, 0, segment.columns.count, plain.bytes.byteLength)
    const { byteLength: bytes } = stored.bytes
    return { entry: { ...entry, bytes, packed: plain !== stored }, segment }
  } catch {
    return null
  }
}

function add(found: Found, { columns, position, lastSequence, epoch }: Segment): void {
  found.nextSequence = Math.max(found.nextSequence, lastSequence + 1)
  found.epoch = Math.max(found.epoch, epoch)
  for (let row = 0; row < columns.count; row++) {
    const name = columns.topics[columns.topic ? columns.topic[row]! : 0]!
    const at = position[row]!
    let topic = found.topics.get(name)
    if (!topic) {
      topic = { name, next: 0, first: at, count: 0, bytes: 0, since: null, until: null }
      found.topics.set(name, topic)
    }
    topic.next = Math.max(topic.next, at + 1)
    if (at < topic.first) continue
    const time = columns.time[row]!
    topic.count++
    topic.bytes += columns.ends[row]! - startOf(columns.ends, row)
    topic.since = Math.min(topic.since ?? Infinity, time)
    topic.until = Math.max(topic.until ?? -Infinity, time)
  }
}

// A head that nobody knows is taken up behind all that is there, in a new epoch.
function write(tx: WriteTransaction, known: Head | null, { groups, topics, nextSequence, epoch }: Found): number {
  const head = known ?? { ...newHead(), epoch: epoch + 1, counters: { ...NO_COUNTERS, ids: null } }
  const entries = groups.flat()
  const rows = [...topics.values()]
  const events = rows.reduce((sum, { count }) => sum + count, 0)
  for (const row of rows) tx.put('topics', row.name, row)
  dropAllCheckpoints(tx)
  tx.delete('index', {})
  for (const group of groups) tx.put('index', group[0]!.first, group)
  tx.put('head', 'head', {
    ...head,
    revision: head.revision + 1,
    removals: head.removals + 1,
    rewrites: head.rewrites + 1,
    nextSequence: Math.max(head.nextSequence, nextSequence),
    events,
    bytes: entries.reduce((sum, entry) => sum + entry.bytes, 0),
    segments: entries.length,
  })
  return events
}
