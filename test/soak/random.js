/** Numbers that are the same for the same seed, on every machine. */
export class Random {
  #state

  /** @param {number} seed */
  constructor(seed) {
    this.#state = seed >>> 0
  }

  /** In [0, 1): mulberry32. */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /**
   * A whole number in [from, to].
   * @param {number} from
   * @param {number} to
   */
  int(from, to) {
    return from + Math.floor(this.next() * (to - from + 1))
  }

  /** @param {number} share */
  chance(share) {
    return this.next() < share
  }

  /**
   * @template T
   * @param {readonly T[]} list
   * @returns {T}
   */
  pick(list) {
    return /** @type {T} */ (list[this.int(0, list.length - 1)])
  }

  /**
   * A key, as often as its weight says.
   * @template {string} K
   * @param {Record<K, number>} weights
   * @returns {K}
   */
  weighted(weights) {
    const keys = /** @type {K[]} */ (Object.keys(weights))
    let rest = this.next() * keys.reduce((sum, key) => sum + weights[key], 0)
    return keys.find((key) => (rest -= weights[key]) < 0) ?? /** @type {K} */ (keys[0])
  }
}
