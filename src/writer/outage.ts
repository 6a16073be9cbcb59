import type { Fault } from '../core/fault.js'

/** What fails this often in a row is taken to fail for longer: until then it is tried again, and nobody is told. */
const PASSING_FAILURES = 3

const RETRY_FIRST_MS = 20
const RETRY_LAST_MS = 5_000

/** What a flusher knows of storage that fails. */
export class Outage {
  /** Why the last commit failed; null while they work. */
  fault: Fault | null = null
  /** Whether it was tried to make room. */
  triedToMakeRoom = false
  #failures = 0
  #waitMs = RETRY_FIRST_MS
  #told: string | null = null

  get isLasting(): boolean {
    return this.#failures > PASSING_FAILURES
  }

  failed(fault: Fault): void {
    this.fault = fault
    this.#failures++
  }

  ended(): void {
    this.fault = null
    this.triedToMakeRoom = false
    this.#failures = 0
    this.#waitMs = RETRY_FIRST_MS
    this.#told = null
  }

  /** Each time longer than before. */
  nextWaitMs(): number {
    const waitMs = this.#waitMs
    this.#waitMs = Math.min(RETRY_LAST_MS, waitMs * 4)
    return waitMs
  }

  /** Whether there is anything in it that was not told yet. */
  isNews({ code }: Fault): boolean {
    const isNews = this.#told !== code
    this.#told = code
    return isNews
  }
}
