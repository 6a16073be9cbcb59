import type { Count } from '../codec/counts.js'

/** No bucket begins or ends within a second. */
const SAME_MS = 1_000

interface Counted {
  /** Counts within one second from here on are one. */
  from: number
  last: number
  count: number
}

/** What a tab counted since it last sent its burst on. */
export class CountBurst {
  size = 0
  #bytes = 0
  readonly #ids = new Map<string, Counted[]>()

  /** An estimate. */
  get bytes(): number {
    return this.#bytes
  }

  add(id: string, time: number, count: number): void {
    let counted = this.#ids.get(id)
    const newest = counted?.[counted.length - 1]
    if (newest !== undefined && time >= newest.from && time < newest.from + SAME_MS) {
      const sum = newest.count + count
      if (sum <= Number.MAX_SAFE_INTEGER) {
        newest.count = sum
        if (time > newest.last) newest.last = time
        return
      }
    }
    if (counted === undefined) this.#ids.set(id, (counted = []))
    counted.push({ from: Math.floor(time / SAME_MS) * SAME_MS, last: time, count })
    this.size++
    this.#bytes += id.length + 32
  }

  counts(): Count[] {
    return Array.from(this.#ids, ([id, all]) => all.map(({ last, count }): Count => [id, last, count])).flat()
  }
}
