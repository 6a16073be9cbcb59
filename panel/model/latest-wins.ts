/** Runs one task at a time, at most one per `gapMs`; of those asked for meanwhile only the newest is run. */
export class LatestWins {
  readonly #gapMs: number
  readonly #onFault: (error: unknown) => void
  #next: (() => Promise<void>) | null = null
  #running = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #closed = false

  constructor(gapMs: number, onFault: (error: unknown) => void) {
    this.#gapMs = gapMs
    this.#onFault = onFault
  }

  ask(task: () => Promise<void>): void {
    if (this.#closed) return
    this.#next = task
    if (!this.#running && this.#timer === undefined) void this.#run()
  }

  close(): void {
    this.#closed = true
    this.#next = null
    clearTimeout(this.#timer)
  }

  async #run(): Promise<void> {
    const task = this.#next
    if (task === null) return
    this.#next = null
    this.#running = true
    try {
      await task()
    } catch (error) {
      if (!this.#closed) this.#onFault(error)
    } finally {
      this.#running = false
    }
    if (this.#closed) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      void this.#run()
    }, this.#gapMs)
  }
}
