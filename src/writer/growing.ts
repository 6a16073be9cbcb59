/** A column of numbers that grows at its end. */
export class GrowingColumn {
  length = 0
  #values = new Float64Array(1024)

  push(value: number): void {
    if (this.length === this.#values.length) {
      const wider = new Float64Array(this.length * 2)
      wider.set(this.#values)
      this.#values = wider
    }
    this.#values[this.length++] = value
  }

  /** A view that holds until the next push. */
  view(from = 0, to: number = this.length): Float64Array {
    return this.#values.subarray(Math.min(from, this.length), Math.min(to, this.length))
  }

  clear(): void {
    this.length = 0
  }
}
