import type { Metrics } from '../core/health.js'
import type { Uncounted } from '../log/counter-book.js'
import type { Tally } from '../protocol/writer-api.js'

export class WriterMetrics {
  writes = 0
  reads = 0
  batches = 0
  errors = 0
  duplicates = 0
  lateDropped = 0
  lastWriteMs: number | null = null
  lastReadMs: number | null = null
  readonly tally: Tally = { dropped: 0, withheld: 0, sampled: 0 }
  readonly #flushMs = new Durations()
  readonly #readMs = new Durations()

  committed(events: number, duplicates: number, durationMs: number): void {
    this.writes += events
    this.duplicates += duplicates
    this.batches++
    this.lastWriteMs = durationMs
    this.#flushMs.add(durationMs)
  }

  uncounted({ late, refused }: Uncounted): void {
    this.lateDropped += late
    this.tally.dropped += refused?.times ?? 0
  }

  read(events: number, durationMs: number): void {
    this.reads += events
    this.lastReadMs = durationMs
    this.#readMs.add(durationMs)
  }

  add(tally: Tally): void {
    this.tally.dropped += tally.dropped
    this.tally.withheld += tally.withheld
    this.tally.sampled += tally.sampled
  }

  get flushMs(): Metrics['flushMs'] {
    return this.#flushMs.percentiles
  }

  get readMs(): Metrics['readMs'] {
    return this.#readMs.percentiles
  }
}

/** Durations remembered for the percentiles. */
const MOST_KEPT = 512

class Durations {
  readonly #kept: number[] = []
  #seen = 0

  add(ms: number): void {
    this.#kept[this.#seen++ % MOST_KEPT] = ms
  }

  get percentiles(): { p50: number; p95: number; p99: number } | null {
    const sorted = this.#kept.toSorted((a, b) => a - b)
    if (sorted.length === 0) return null
    const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1]!
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
  }
}
