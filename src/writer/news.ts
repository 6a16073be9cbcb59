import { Signal } from '../core/signal.js'

/** Told at most this often. */
const TOLD_MS = 100

/** For who asks again and again what is new: an answer comes when there is something, and not too often. */
export class News {
  revision = 0
  readonly #changed = new Signal()
  #toldAt = -Infinity
  #failure: { error: unknown } | null = null
  #closed = false

  get isClosed(): boolean {
    return this.#closed
  }

  add(): void {
    this.revision++
    this.#changed.fire()
  }

  /** Whoever asks next, or waits, is told once. */
  fail(error: unknown): void {
    this.#failure = { error }
    this.#changed.fire()
  }

  /** Resolves once there is something newer than `after`, at once for a first question (-1); false once closed. */
  async since(after: number): Promise<boolean> {
    while (!this.#closed && this.#failure === null) {
      if (this.revision === after) await this.#changed.next
      else if (after >= 0 && performance.now() < this.#toldAt + TOLD_MS) {
        await delay(this.#toldAt + TOLD_MS - performance.now())
      } else break
    }
    if (this.#closed) return false
    if (this.#failure !== null) {
      const { error } = this.#failure
      this.#failure = null
      throw error
    }
    this.#toldAt = performance.now()
    return true
  }

  close(): void {
    this.#closed = true
    this.#changed.fire()
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))
}
