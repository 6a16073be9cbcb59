import { openSegment, type Segment } from '../codec/decode.js'
import { compileFilter, type CompiledFilter } from '../fold/event-filter.js'
import { matchingRows } from '../fold/matching-rows.js'
import type { Log } from '../log/log.js'
import type { EventFilter } from '../protocol/event-filter.js'
import type { SearchProgress } from '../protocol/panel-source.js'
import { requestFor, type SegmentSlice } from '../protocol/writer-api.js'
import { GrowingColumn } from './growing.js'
import { News } from './news.js'

/** Read at once: so few that the first matches are soon there, and appends do not wait. */
const READ_EVENTS = 16_384

/** What a panel asks of a search. */
export interface PanelFinder {
  /** Something was committed. */
  follow(): void
  progress(after: number): Promise<SearchProgress | null>
  rows(first: number, count: number): Promise<SegmentSlice[]>
  rank(sequence: number): Promise<number>
  histogram(since: number, until: number, buckets: number): Promise<Uint32Array>
  close(): void
}

/** One search of a panel: where its matches lie, found page by page, then followed as more is committed. */
export class Search implements PanelFinder {
  readonly #log: Log
  readonly #filter: CompiledFilter
  readonly #sequences = new GrowingColumn()
  readonly #times = new GrowingColumn()
  readonly #news: News
  #since = Infinity
  #until = -Infinity
  #scanned = 0
  /** The sequence up to which all was looked at. */
  #scannedTo = 0
  #removals: number | null = null
  #generation = 0
  #running = false
  #again = false
  /** All that was there at first was looked at: from now on it follows. */
  #isThrough = false

  constructor(log: Log, filter: EventFilter, isFlooded?: () => boolean) {
    this.#log = log
    this.#news = new News(isFlooded)
    this.#filter = compileFilter(filter)
    this.follow()
  }

  /** Looks at what was committed since. */
  follow(): void {
    this.#again = true
    if (this.#running) this.#news.stir()
    else void this.#run()
  }

  async progress(after: number): Promise<SearchProgress | null> {
    if (!(await this.#news.since(after))) return null
    const matches = this.#sequences.length
    const { events, nextSequence } = this.#log.head ?? { events: 0, nextSequence: 0 }
    return {
      revision: this.#news.revision,
      generation: this.#generation,
      matches,
      scanned: this.#scanned,
      total: Math.max(events, this.#scanned),
      done: this.#scannedTo >= nextSequence,
      head: nextSequence - 1,
      since: matches > 0 ? this.#since : null,
      until: matches > 0 ? this.#until : null,
    }
  }

  rows(first: number, count: number): Promise<SegmentSlice[]> {
    return this.#log.pick(this.#sequences.view(first, first + count).slice())
  }

  async rank(sequence: number): Promise<number> {
    const sequences = this.#sequences.view()
    let low = 0
    let high = sequences.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (sequences[middle]! < sequence) low = middle + 1
      else high = middle
    }
    return low
  }

  async histogram(since: number, until: number, buckets: number): Promise<Uint32Array> {
    const counts = new Uint32Array(buckets)
    const perMs = buckets / (until - since)
    for (const time of this.#times.view()) {
      if (time >= since && time < until) counts[Math.min(buckets - 1, Math.floor((time - since) * perMs))]!++
    }
    return counts
  }

  close(): void {
    this.#news.close()
  }

  async #run(): Promise<void> {
    this.#running = true
    try {
      while (this.#again && !this.#news.isClosed) {
        this.#again = false
        if (this.#isThrough) await this.#news.ebb()
        await this.#scan()
        this.#isThrough = true
      }
    } catch (error) {
      this.#news.fail(error)
    }
    this.#running = false
  }

  async #scan(): Promise<void> {
    let next: number | null = this.#scannedTo
    while (next !== null && !this.#news.isClosed) {
      const page = await this.#log.readPage(requestFor({ sequences: [next, Infinity], limit: READ_EVENTS }))
      if (this.#removals !== null && page.removals !== this.#removals) {
        this.#startOver()
        this.#removals = page.removals
        next = 0
        continue
      }
      this.#removals = page.removals
      const before = this.#scanned
      let last = 0
      for (const slice of page.slices) {
        const segment = openSegment(slice, 'checked')
        this.#match(segment, slice.rows)
        last = segment.sequence[slice.rows?.at(-1) ?? segment.columns.count - 1]!
      }
      next = page.next ?? (this.#scanned - before < READ_EVENTS ? null : last + 1)
      this.#scannedTo = next ?? page.head
      this.#news.add()
    }
  }

  #startOver(): void {
    this.#sequences.clear()
    this.#times.clear()
    this.#since = Infinity
    this.#until = -Infinity
    this.#scanned = 0
    this.#scannedTo = 0
    this.#generation++
  }

  #match(segment: Segment, rows: Uint32Array | null): void {
    const { columns, sequence } = segment
    this.#scanned += rows?.length ?? columns.count
    for (const row of matchingRows(segment, rows, this.#filter)) {
      const time = columns.time[row]!
      this.#sequences.push(sequence[row]!)
      this.#times.push(time)
      if (time < this.#since) this.#since = time
      if (time > this.#until) this.#until = time
    }
  }
}
