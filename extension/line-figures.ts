import type { PanelLine } from '../src/protocol/panel-source.js'

const MOST_TIMES = 200

/** What a line was measured to do. */
export class LineFigures {
  readonly #roundTripsMs: number[] = []
  #bytes = 0
  #largeBytes = 0
  #largeMs = 0

  returned(ms: number): void {
    this.#roundTripsMs.push(ms)
    if (this.#roundTripsMs.length > MOST_TIMES) this.#roundTripsMs.shift()
  }

  received(bytes: number): void {
    this.#bytes += bytes
  }

  /** What came of a large answer after its first piece, and how long that took. */
  transferred(bytes: number, ms: number): void {
    this.#largeBytes += bytes
    this.#largeMs += ms
  }

  read(): PanelLine {
    const sorted = this.#roundTripsMs.toSorted((a, b) => a - b)
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
    return {
      roundTripMs: sorted.length === 0 ? null : { p50: at(0.5), p95: at(0.95) },
      bytesPerSecond: this.#largeMs === 0 ? null : (this.#largeBytes / this.#largeMs) * 1000,
      bytes: this.#bytes,
    }
  }
}
