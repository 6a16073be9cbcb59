import { Signal } from '../core/signal.js'

/** Told at most this often. */
const TOLD_MS = 100
/** While the writer is flooded: every look at the log keeps its next commits waiting. */
const TOLD_IN_FLOOD_MS = 1000

/** For who asks again and again what is new: an answer comes when there is something, and not too often. */
export class News {
  revision = 0
  readonly #isFlooded: () => boolean
  readonly #changed = new Signal()
  #toldAt = -Infinity
  /** When there first was something that nobody was told yet. */
  #newSince = Infinity
  #failure: { error: unknown } | null = null
  #closed = false

  constructor(isFlooded: () => boolean = () => false) {
    this.#isFlooded = isFlooded
  }

  get isClosed(): boolean {
    return this.#closed
  }

  add(): void {
    this.revision++
    this.#newSince = Math.min(this.#newSince, performance.now())
    this.#changed.fire()
  }

  /** Nothing is new, but the flood may be over. */
  stir(): void {
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
      const waitMs = this.revision === after ? Infinity : after < 0 ? 0 : this.#dueAt - performance.now()
      if (waitMs <= 0) break
      await this.#change(waitMs)
    }
    if (this.#closed) return false
    if (this.#failure !== null) {
      const { error } = this.#failure
      this.#failure = null
      throw error
    }
    this.#toldAt = performance.now()
    this.#newSince = Infinity
    return true
  }

  /** Resolves once the writer is not flooded, or has been for as long as news may wait. */
  async ebb(): Promise<void> {
    const until = performance.now() + TOLD_IN_FLOOD_MS
    while (!this.#closed && this.#isFlooded() && performance.now() < until) {
      await this.#change(until - performance.now())
    }
  }

  close(): void {
    this.#closed = true
    this.#changed.fire()
  }

  // The last commit of a flood is a change too: what was put off because of it is told then.
  get #dueAt(): number {
    return this.#isFlooded() ? this.#newSince + TOLD_IN_FLOOD_MS : this.#toldAt + TOLD_MS
  }

  async #change(mostMs: number): Promise<void> {
    const changed = this.#changed.next
    const timer = mostMs === Infinity ? undefined : setTimeout(() => this.#changed.fire(), mostMs)
    await changed
    clearTimeout(timer)
  }
}
