import type { Count } from '../codec/counts.js'

/** No bucket begins or ends within a second. */
const SAME_MS = 1_000

interface Counted {
  readonly id: string
  /** What is counted within one second from here on is one. */
  readonly from: number
  last: number
  count: number
}

/** What a tab counted since it last sent its burst on. */
export class CountBurst {
  readonly #all: Counted[] = []
  readonly #newest = new Map<string, Counted>()
  #bytes = 0

  get size(): number {
    return this.#all.length
  }

  /** An estimate. */
  get bytes(): number {
    return this.#bytes
  }

  add(id: string, time: number, count: number): void {
    const newest = this.#newest.get(id)
    if (newest !== undefined && time >= newest.from && time < newest.from + SAME_MS) {
      const sum = newest.count + count
      if (sum <= Number.MAX_SAFE_INTEGER) {
        newest.count = sum
        if (time > newest.last) newest.last = time
        return
      }
    }
    const counted = { id, from: Math.floor(time / SAME_MS) * SAME_MS, last: time, count }
    this.#newest.set(id, counted)
    this.#all.push(counted)
    this.#bytes += id.length + 32
  }

  counts(): Count[] {
    return this.#all.map(({ id, last, count }) => [id, last, count])
  }
}
