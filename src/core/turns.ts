/** A page misses a frame after 16 ms: most of that is left to whatever else happens in it, and to what cannot be cut. */
const TURN_MS = 5

/** Long work cut into turns, between which everything else that waits is done. */
export class Turns {
  #turnEndsAt = 0
  #workSince = performance.now()
  #workMs = 0

  get isOver(): boolean {
    return performance.now() >= this.#turnEndsAt
  }

  /** Spent so far, but for what was waited. */
  get workMs(): number {
    return this.#workMs + performance.now() - this.#workSince
  }

  /** Begins the next turn. */
  async next(): Promise<void> {
    await this.waiting(othersDone())
    this.#turnEndsAt = performance.now() + TURN_MS
  }

  async waiting<T>(promise: Promise<T>): Promise<T> {
    this.#workMs = this.workMs
    try {
      return await promise
    } finally {
      this.#workSince = performance.now()
    }
  }
}

// A timer would wait 4 ms and more, a microtask would let nobody through.
function othersDone(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}
