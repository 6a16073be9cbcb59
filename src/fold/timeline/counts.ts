import { invalidArgument } from '../../core/fault.js'
import type { Buckets } from './buckets.js'

/** 256 MiB of counts: more lanes with as many buckets nobody can look at. */
const MOST_COUNTS = 2 ** 26

/** A row of counts for each lane that was asked for. */
export class Counts {
  readonly buckets: Buckets
  readonly #lanes = new Map<string, Uint32Array>()

  constructor(buckets: Buckets) {
    this.buckets = buckets
  }

  of(key: string): Uint32Array {
    const known = this.#lanes.get(key)
    if (known) return known
    const { count } = this.buckets
    const most = Math.floor(MOST_COUNTS / count)
    if (this.#lanes.size >= most) throw invalidArgument('buckets', `fewer, for more than ${most} lanes`, count)
    const counts = new Uint32Array(count)
    this.#lanes.set(key, counts)
    return counts
  }

  lanes(): { key: string; counts: Uint32Array }[] {
    return Array.from(this.#lanes, ([key, counts]) => ({ key, counts }))
  }
}
