import { eventCount } from '../codec/segment.js'
import type { SegmentEntry, TopicSpan } from '../log/database.js'
import type { Described, Log } from '../log/log.js'
import type { SearchProgress } from '../protocol/panel-source.js'
import type { TimelinePart, TimelineRequest } from '../protocol/timeline.js'
import { requestFor, type SegmentSlice } from '../protocol/writer-api.js'
import { GrowingColumn } from './growing.js'
import { News } from './news.js'
import type { PanelFinder } from './search.js'

/** Segments that have grown together meanwhile and are still known one by one, at most. */
const MOST_STALE = 10_000

/** The search without a filter: what is known of the segments tells where each event lies, before any is read. */
export class WholeLog implements PanelFinder {
  readonly #log: Log
  readonly #timeline: (request: TimelineRequest) => Promise<TimelinePart>
  readonly #news: News
  /** Of each segment: its first sequence, and how many events lie before it. */
  readonly #firsts = new GrowingColumn()
  readonly #ranks = new GrowingColumn()
  #events = 0
  /** All segments below this sequence are known. */
  #end = 0
  #removals: number | null = null
  #generation = 0
  #extent: { since: number | null; until: number | null } = { since: null, until: null }
  #looking: Promise<void> = Promise.resolve()

  constructor(log: Log, timeline: (request: TimelineRequest) => Promise<TimelinePart>, isFlooded?: () => boolean) {
    this.#log = log
    this.#timeline = timeline
    this.#news = new News(isFlooded)
  }

  follow(): void {
    this.#news.add()
  }

  async progress(after: number): Promise<SearchProgress | null> {
    if (!(await this.#news.since(after))) return null
    const { revision } = this.#news
    this.#looking = this.#looking.catch(() => {}).then(() => this.#look())
    await this.#looking
    return {
      revision,
      generation: this.#generation,
      matches: this.#events,
      scanned: this.#events,
      total: this.#events,
      done: true,
      head: this.#end - 1,
      ...this.#extent,
    }
  }

  async rows(first: number, count: number): Promise<SegmentSlice[]> {
    const end = Math.min(this.#events, first + count)
    if (first >= end) return []
    const at = lastAtMost(this.#ranks.view(), first)
    const slices: SegmentSlice[] = []
    let rank = this.#ranks.view()[at]!
    let next: number | null = this.#firsts.view()[at]!
    while (next !== null && rank < end) {
      const page = await this.#log.readPage(requestFor({ sequences: [next, this.#end], limit: end - rank }))
      for (const slice of page.slices) {
        const length = slice.rows?.length ?? eventCount(slice.bytes)
        const [from, to] = [Math.max(0, first - rank), Math.min(length, end - rank)]
        const rows = slice.rows ?? Uint32Array.from({ length }, (_, row) => row)
        if (from < to) slices.push({ ...slice, rows: rows.slice(from, to) })
        rank += length
      }
      next = page.next
    }
    return slices
  }

  async rank(sequence: number): Promise<number> {
    if (sequence >= this.#end) return this.#events
    const at = lastAtMost(this.#firsts.view(), sequence)
    if (at < 0) return 0
    const [first, rank] = [this.#firsts.view()[at]!, this.#ranks.view()[at]!]
    return rank + (await this.#log.count(requestFor({ sequences: [first, sequence] })))
  }

  async histogram(since: number, until: number, buckets: number): Promise<Uint32Array> {
    const counts = new Uint32Array(buckets)
    const all = { by: 'topic', topics: null, types: null, where: [], everyMs: null, sequences: [0, Infinity] } as const
    const { lanes, counting } = await this.#timeline({ ...all, since, until, buckets, isPrompt: true })
    for (const lane of lanes) lane.counts.forEach((count, at) => (counts[at]! += count))
    // Worth asking again.
    if (counting !== null) this.#news.add()
    return counts
  }

  close(): void {
    this.#news.close()
  }

  async #look(): Promise<void> {
    let described = await this.#log.describeFrom(this.#end)
    const isRemoved = this.#removals !== null && described.head.removals !== this.#removals
    // Segments that grew together, also across the end, leave every event its rank.
    const isMerged =
      (described.entries[0]?.first ?? this.#end) < this.#end ||
      this.#firsts.length > MOST_STALE + described.head.segments
    if (isRemoved || isMerged) described = await this.#log.describeFrom(0)
    const { head, entries, topics } = described
    const counts: number[] = []
    for (const entry of entries) counts.push(await this.#countIn(entry, topics))
    if (isRemoved) this.#generation++
    if (isRemoved || isMerged) this.#startOver()
    for (const [at, { first }] of entries.entries()) {
      this.#firsts.push(first)
      this.#ranks.push(this.#events)
      this.#events += counts[at]!
    }
    this.#end = head.nextSequence
    this.#removals = head.removals
    this.#extent = extentOf(topics)
  }

  #startOver(): void {
    this.#firsts.clear()
    this.#ranks.clear()
    this.#events = 0
  }

  async #countIn({ first, last, topics }: SegmentEntry, rows: Described['topics']): Promise<number> {
    let count = 0
    for (const span of topics) {
      const known = countFrom(span, rows.get(span.name)?.first ?? Infinity)
      count += known ?? (await this.#log.count(requestFor({ topics: [span.name], sequences: [first, last + 1] })))
    }
    return count
  }
}

function extentOf(topics: Described['topics']): { since: number | null; until: number | null } {
  let [since, until] = [Infinity, -Infinity]
  for (const row of topics.values()) {
    if (row.count === 0) continue
    since = Math.min(since, row.since ?? Infinity)
    until = Math.max(until, row.until ?? -Infinity)
  }
  return since <= until ? { since, until } : { since: null, until: null }
}

// How many lie at or above the position; null where some were erased and it cannot be told.
function countFrom({ first, last, count }: TopicSpan, position: number): number | null {
  if (position <= first) return count
  if (position > last) return 0
  return count === last + 1 - first ? last + 1 - position : null
}

// The index of the last of the rising values that is not above; -1 where there is none. Of equal ones the last.
function lastAtMost(rising: Float64Array, value: number): number {
  let low = 0
  let high = rising.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (rising[middle]! <= value) low = middle + 1
    else high = middle
  }
  return low - 1
}
