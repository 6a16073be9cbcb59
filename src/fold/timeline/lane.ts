import { bucketAt, startOf, type Buckets } from './buckets.js'

/** Times out of order are gathered, a part as many as are sorted, before they are sorted in: that takes some milliseconds. */
const LOOSE_PART = 32
const LOOSE_LEAST = 1_024
const LOOSE_MOST = 16_384

/** The times of events, sorted, each with its place in the log: what is counted by bisection is forgotten by place. */
export class Lane {
  #times = new Float64Array(64)
  #places = new Uint32Array(64)
  #length = 0
  /** Older than what was there when they came. */
  #loose: { time: number; place: number }[] = []

  get length(): number {
    return this.#length + this.#loose.length
  }

  /** Places rise. */
  add(time: number, place: number): void {
    if (this.#length > 0 && time < this.#times[this.#length - 1]!) {
      this.#loose.push({ time, place })
      const room = Math.max(LOOSE_LEAST, Math.min(LOOSE_MOST, this.#length / LOOSE_PART))
      if (this.#loose.length >= room) this.#sortIn()
      return
    }
    this.#reserve(this.#length + 1)
    this.#times[this.#length] = time
    this.#places[this.#length++] = place
  }

  /** Forgets what lies below the place. */
  dropBelow(place: number): void {
    let kept = 0
    for (let at = 0; at < this.#length; at++) {
      if (this.#places[at]! < place) continue
      this.#times[kept] = this.#times[at]!
      this.#places[kept++] = this.#places[at]!
    }
    this.#length = kept
    this.#loose = this.#loose.filter((own) => own.place >= place)
  }

  /** Adds how many there are in each bucket. */
  countInto(counts: Uint32Array, buckets: Buckets): void {
    const { since, until } = buckets
    const times = this.#times
    const end = firstFrom(times, 0, this.#length, until)
    for (let at = firstFrom(times, 0, end, since); at < end;) {
      const bucket = bucketAt(buckets, times[at]!)
      // Where a bucket ends is a matter of rounding: what it says of a time counts.
      let next = firstFrom(times, at + 1, end, startOf(buckets, bucket + 1))
      while (next < end && bucketAt(buckets, times[next]!) <= bucket) next++
      while (next > at + 1 && bucketAt(buckets, times[next - 1]!) > bucket) next--
      counts[bucket]! += next - at
      at = next
    }
    for (const { time } of this.#loose) if (time >= since && time < until) counts[bucketAt(buckets, time)]!++
  }

  // From the end, so that both fit where the sorted ones lie; what is older than all of the loose ones stays in place.
  #sortIn(): void {
    const loose = this.#loose.splice(0).sort((a, b) => a.time - b.time)
    this.#reserve(this.#length + loose.length)
    let sorted = this.#length - 1
    let to = this.#length + loose.length - 1
    this.#length += loose.length
    for (let own = loose.pop(); own !== undefined;) {
      if (sorted >= 0 && this.#times[sorted]! > own.time) {
        this.#times[to] = this.#times[sorted]!
        this.#places[to--] = this.#places[sorted--]!
      } else {
        this.#times[to] = own.time
        this.#places[to--] = own.place
        own = loose.pop()
      }
    }
  }

  #reserve(length: number): void {
    if (length <= this.#times.length) return
    const room = Math.ceil(length * 1.25)
    const [times, places] = [this.#times, this.#places]
    this.#times = new Float64Array(room)
    this.#times.set(times.subarray(0, this.#length))
    this.#places = new Uint32Array(room)
    this.#places.set(places.subarray(0, this.#length))
  }
}

// The first of the sorted ones, at or behind `from`, that is not below. Near ones are found soon.
function firstFrom(sorted: Float64Array, from: number, end: number, least: number): number {
  let low = from
  let step = 1
  while (low + step <= end && sorted[low + step - 1]! < least) {
    low += step
    step *= 2
  }
  let high = Math.min(end, low + step - 1)
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < least) low = middle + 1
    else high = middle
  }
  return low
}
