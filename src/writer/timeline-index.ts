import { openSegment } from '../codec/decode.js'
import { Turns } from '../core/turns.js'
import { Lanes } from '../fold/timeline/lanes.js'
import type { Head } from '../log/database.js'
import type { Described, Log } from '../log/log.js'
import type { Counting } from '../protocol/timeline.js'
import { requestFor } from '../protocol/writer-api.js'

/** More than this (some 60 MB) is not held: what is asked is then read from the log. */
const MOST_EVENTS = 4_000_000
const MOST_LANES = 4_096

/** Read at once: so few that appends do not wait for them. */
const READ_EVENTS = 8_192

export interface IndexOptions {
  mostEvents?: number
  /** While there is more to commit than the writer keeps up with, the index waits. */
  isFlooded?: () => boolean
}

export interface SoFar {
  lanes: Lanes
  /** What is known of segments that are not, or were not yet, in them. */
  rest: Described
  /** Null: it will not get better. */
  counting: Counting | null
}

/** The times of all that can be read, kept true to the log as it grows and shrinks. */
export class TimelineIndex {
  readonly #log: Log
  readonly #mostEvents: number
  #lanes = new Lanes()
  #removals: number | null = null
  #isTrimmed = true
  /** What the log's removals were when there was too much in it to hold. */
  #tooMuchAt: number | null = null
  #catchingUp: Promise<void> | null = null
  readonly #turns = new Turns()
  readonly #isFlooded: () => boolean
  #isOver = false

  constructor(log: Log, { mostEvents = MOST_EVENTS, isFlooded = () => false }: IndexOptions = {}) {
    this.#log = log
    this.#mostEvents = mostEvents
    this.#isFlooded = isFlooded
  }

  /** Of the log as it is now; null when there is too much to hold. */
  async current(): Promise<Lanes | null> {
    const head = await this.#log.refresh()
    this.#judge(head)
    while (this.#isBehind(head)) await this.follow()
    return this.#tooMuchAt === null ? this.#lanes : null
  }

  /** What is in it by now, unless little is missing, and what is known of the rest, which is read meanwhile. */
  async soFar(): Promise<SoFar> {
    const from = this.#lanes.end
    let rest = await this.#log.describeFrom(from)
    const { head } = rest
    this.#judge(head)
    const isLittleMissing = head.nextSequence - this.#lanes.end <= READ_EVENTS
    const done = this.#readOn(head)
    if (isLittleMissing) await done
    if (this.#lanes.end < from) rest = await this.#log.describeFrom(this.#lanes.end)
    const counting = this.#isBehind(head)
      ? { done: Math.min(this.#lanes.events, head.events), total: head.events }
      : null
    return { lanes: this.#lanes, rest, counting }
  }

  /** Takes in some of what was committed since. */
  async follow(): Promise<void> {
    if (this.#tooMuchAt !== null) return
    this.#catchingUp ??= this.#read().finally(() => (this.#catchingUp = null))
    await this.#catchingUp
  }

  close(): void {
    this.#isOver = true
  }

  #judge(head: Head): void {
    if (head.events > this.#mostEvents) this.#giveUp(head.removals)
    else if (this.#tooMuchAt !== head.removals) this.#tooMuchAt = null
  }

  #isBehind({ nextSequence, removals }: Head): boolean {
    if (this.#tooMuchAt !== null || this.#isOver) return false
    return this.#lanes.end < nextSequence || (this.#removals ?? 0) < removals || !this.#isTrimmed
  }

  // What fails here, fails again when it is asked.
  async #readOn(head: Head): Promise<void> {
    try {
      while (this.#isBehind(head) && !this.#isFlooded()) await this.follow()
    } catch {}
  }

  // One page. Ends where the lanes it adds to are given up meanwhile.
  async #read(): Promise<void> {
    const lanes = this.#lanes
    const page = await this.#log.readPage(requestFor({ sequences: [lanes.end, Infinity], limit: READ_EVENTS }))
    if (lanes !== this.#lanes) return
    if (page.removals !== this.#removals) {
      this.#isTrimmed = this.#removals === null
      this.#removals = page.removals
    }
    const before = lanes.events
    for (const slice of page.slices) {
      if (this.#turns.isOver) await this.#turns.next()
      if (lanes !== this.#lanes) return
      lanes.add(openSegment(slice, 'checked'), slice.rows)
    }
    const isLast = page.next === null && lanes.events - before < READ_EVENTS
    if (page.next !== null) lanes.end = page.next
    else if (isLast) lanes.end = Math.max(lanes.end, page.head)
    if (lanes.events > this.#mostEvents || lanes.count > MOST_LANES) this.#giveUp(page.removals)
    else if (isLast && !this.#isTrimmed) await this.#trim()
  }

  // What was cleared or evicted lies at the beginning of its topic. Whatever else went (erased, damaged) shows in the
  // counts: all is read anew.
  async #trim(): Promise<void> {
    const topics = await this.#log.topics()
    const { head } = this.#log
    if (head?.nextSequence !== this.#lanes.end || head.removals !== this.#removals) return
    const isTrue = topics.map(({ name, first, next, count }) => this.#lanes.trim(name, first ?? next, count))
    if (isTrue.every(Boolean)) this.#isTrimmed = true
    else this.#clear()
  }

  #giveUp(removals: number): void {
    this.#tooMuchAt = removals
    this.#clear()
  }

  #clear(): void {
    this.#lanes = new Lanes()
    this.#removals = null
    this.#isTrimmed = true
  }
}
