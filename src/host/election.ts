interface Term {
  end: () => void
}

interface Candidate {
  onElected(): void
  /** Another tab took the lead: this one did not answer. */
  onDeposed(): void
  /** There is no election here (a sandboxed frame). */
  onImpossible(error: unknown): void
}

/** This tab's candidacy for the one lock that makes a tab the leader. */
export class Election {
  readonly #name: string
  readonly #candidate: Candidate
  #standing: AbortController | null = null
  #term: Term | null = null

  constructor(name: string, candidate: Candidate) {
    this.#name = name
    this.#candidate = candidate
  }

  get isLeader(): boolean {
    return this.#term !== null
  }

  /** Waits for its turn. */
  stand(): void {
    if (this.#standing || this.#term) return
    const standing = new AbortController()
    this.#standing = standing
    void this.#request({ signal: standing.signal }, standing.signal)
  }

  // Takes the lead from a tab that does not answer: a frozen one would hold it for as long as it stays frozen.
  seize(): void {
    this.#withdraw()
    void this.#request({ steal: true }, null)
  }

  /** Neither leads nor stands any more. */
  resign(): void {
    this.#withdraw()
    const term = this.#term
    this.#term = null
    term?.end()
  }

  #withdraw(): void {
    this.#standing?.abort()
    this.#standing = null
  }

  async #request(options: LockOptions, standing: AbortSignal | null): Promise<void> {
    let term: Term | null = null
    try {
      await navigator.locks.request(this.#name, options, () => {
        if (standing?.aborted) return
        this.#standing = null
        return new Promise<void>((resolve) => {
          term = { end: resolve }
          this.#term = term
          this.#candidate.onElected()
        })
      })
    } catch (error) {
      if (term !== null && this.#term === term) {
        this.#term = null
        this.#candidate.onDeposed()
      } else if (term === null && !standing?.aborted) {
        this.#standing = null
        this.#candidate.onImpossible(error)
      }
    }
  }
}
