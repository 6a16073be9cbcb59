import type { Layout, Moment } from './layout.js'

const MOST = Number.MAX_SAFE_INTEGER

/** Sums stay exact as long as they can be, and then stay where they are. */
export function addUp(a: number, b: number): number {
  return Math.min(MOST, a + b)
}

/** What was counted, in the buckets of a layout. Its size does not depend on how much that is. */
export class Buckets {
  readonly layout: Layout
  /** Of all that was in time for some bucket. */
  total = 0
  /** When the first and the last of it happened. */
  first = Infinity
  last = -Infinity
  /** Of each track, its newest bucket that was counted in. */
  readonly newest: Float64Array
  readonly #counts: Float64Array

  constructor(layout: Layout) {
    this.layout = layout
    this.newest = new Float64Array(layout.tracks.length).fill(-Infinity)
    this.#counts = new Float64Array(layout.slots)
  }

  get bytes(): number {
    return this.newest.byteLength + this.#counts.byteLength
  }

  /**
   * Counts what happened between `first` and `last`, all of it at one moment, as seen from `now`. A clock that goes back
   * takes no bucket away. False: it is too old for all of them, and not counted.
   */
  add(at: Moment, now: Moment, count: number, first: number, last: number): boolean {
    let kept = false
    const { tracks } = this.layout
    for (let track = 0; track < tracks.length; track++) {
      if (this.#addTo(track, at.indices[track]!, now.indices[track]!, count)) kept = true
    }
    if (kept) this.addToTotal(count, first, last)
    return kept
  }

  addToTotal(count: number, first: number, last: number): void {
    this.total = addUp(this.total, count)
    if (first < this.first) this.first = first
    if (last > this.last) this.last = last
  }

  /** What a bucket holds: 0 for one that is too old or yet to come. */
  get(track: number, index: number): number {
    const { offset, slots } = this.layout.tracks[track]!
    const newest = this.newest[track]!
    return index > newest || index <= newest - slots ? 0 : this.#counts[offset + slotOf(index, slots)]!
  }

  set(track: number, index: number, count: number): void {
    this.#addTo(track, index, index, count)
  }

  /** Empties the buckets that are too old, as seen from `now`. */
  advance(now: Moment): void {
    this.newest.forEach((newest, track) => {
      if (newest !== -Infinity && now.indices[track]! > newest) this.#advance(track, now.indices[track]!)
    })
  }

  /** Adds what others counted, of the same layout. */
  addAll(other: Buckets): void {
    this.layout.tracks.forEach(({ slots }, track) => {
      const newest = other.newest[track]!
      for (let behind = slots - 1; behind >= 0; behind--) {
        const count = newest === -Infinity ? 0 : other.get(track, newest - behind)
        if (count > 0) this.set(track, newest - behind, count)
      }
    })
    this.addToTotal(other.total, other.first, other.last)
  }

  #addTo(track: number, index: number, now: number, count: number): boolean {
    const { offset, slots } = this.layout.tracks[track]!
    const newest = this.newest[track]!
    if (index <= Math.max(newest, now) - slots) return false
    if (index > newest) this.#advance(track, index)
    const slot = offset + slotOf(index, slots)
    this.#counts[slot] = addUp(this.#counts[slot]!, count)
    return true
  }

  // However long nothing was counted.
  #advance(track: number, index: number): void {
    const { offset, slots } = this.layout.tracks[track]!
    const passed = Math.min(slots, index - this.newest[track]!)
    for (let n = 0; n < passed; n++) this.#counts[offset + slotOf(index - n, slots)] = 0
    this.newest[track] = index
  }
}

function slotOf(index: number, slots: number): number {
  const slot = index % slots
  return slot < 0 ? slot + slots : slot
}
