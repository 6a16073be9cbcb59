import { openSegment } from '../codec/decode.js'
import { bucketAt, bucketsOf } from '../fold/timeline/buckets.js'
import { Counts } from '../fold/timeline/counts.js'
import type { Described, Log } from '../log/log.js'
import type { TimelinePart, TimelineRequest } from '../protocol/timeline.js'
import { requestFor } from '../protocol/writer-api.js'
import { estimateInto } from './estimate.js'
import { TimelineIndex, type SoFar } from './timeline-index.js'

/** Not asked for this long, the index goes. */
const UNUSED_MS = 60_000

type Known = Omit<SoFar, 'rest'> & { rest: Described | null }

/** Answers how many events there were when: from an index that is made when it is first asked, or from the log. */
export class Timelines {
  readonly #log: Log
  readonly #isFlooded: () => boolean
  readonly #askers = new Set<object>()
  #index: TimelineIndex | null = null
  #unused: ReturnType<typeof setTimeout> | undefined

  constructor(log: Log, isFlooded: () => boolean = () => false) {
    this.#log = log
    this.#isFlooded = isFlooded
  }

  async ask(asker: object, request: TimelineRequest): Promise<TimelinePart> {
    const extent = await this.#extentFor(request)
    const known = request.where.length > 0 ? null : await this.#known(asker, request.isPrompt)
    // From here on at once: the lanes go on growing, and what is in them is not in the rest.
    const counts = new Counts(bucketsOf(request, extent))
    const { since, until, everyMs, count } = counts.buckets
    let next: number | null = null
    if (count > 0 && known) {
      known.lanes.countInto(counts, request)
      if (known.rest) estimateInto(counts, known.rest, known.lanes.end, request)
    }
    if (count > 0 && !known) next = await this.#countPage(counts, request)
    const head = this.#log.head?.nextSequence ?? 0
    return { since, until, everyMs, lanes: counts.lanes(), next, head, counting: known?.counting ?? null }
  }

  /** It will not ask any more. */
  forget(asker: object): void {
    this.#askers.delete(asker)
    if (this.#askers.size === 0) this.close()
  }

  close(): void {
    clearTimeout(this.#unused)
    this.#askers.clear()
    this.#index?.close()
    this.#index = null
  }

  async #known(asker: object, isPrompt: boolean): Promise<Known | null> {
    this.#askers.add(asker)
    this.#index ??= new TimelineIndex(this.#log, { isFlooded: this.#isFlooded })
    clearTimeout(this.#unused)
    try {
      if (isPrompt) return await this.#index.soFar()
      const lanes = await this.#index.current()
      return lanes && { lanes, rest: null, counting: null }
    } finally {
      clearTimeout(this.#unused)
      this.#unused = setTimeout(() => this.close(), UNUSED_MS)
      ;(this.#unused as { unref?: () => void }).unref?.()
    }
  }

  async #extentFor({ since, until }: TimelineRequest): Promise<{ first: number; last: number } | null> {
    if (since !== null && until !== null) return null
    const times = (await this.#log.topics()).flatMap(({ firstTime, lastTime }) =>
      firstTime === null || lastTime === null ? [] : [{ firstTime, lastTime }],
    )
    if (times.length === 0) return null
    const [first, last] = [times.map(({ firstTime }) => firstTime), times.map(({ lastTime }) => lastTime)]
    return { first: Math.min(...first), last: Math.max(...last) }
  }

  // One page: who asks goes on with the next, or stops.
  async #countPage(counts: Counts, { by, topics, types, where, sequences }: TimelineRequest): Promise<number | null> {
    const { buckets } = counts
    const times = [buckets.since, buckets.until] as const
    const page = await this.#log.readPage(requestFor({ topics, types, where, sequences, times }))
    for (const slice of page.slices) {
      const { columns } = openSegment(slice, 'checked')
      const [names, column] = by === 'topic' ? [columns.topics, columns.topic] : [columns.types, columns.type]
      for (let at = 0; at < (slice.rows?.length ?? columns.count); at++) {
        const row = slice.rows ? slice.rows[at]! : at
        counts.of(names[column ? column[row]! : 0]!)[bucketAt(buckets, columns.time[row]!)]!++
      }
    }
    return page.next
  }
}
