/** How often to look while an answer is due. */
export const LOOK_MS = 1_000

/** How often to look while all that is asked may take as long as it likes. */
export const LOOK_AT_WAITS_MS = 15_000

/** A call that waits for something to happen is due only when that happens. */
export type Urgency = 'due' | 'waits'

/**
 * Tells when the other side has been silent for too long. It is pinged while calls are unanswered, so one that is slow
 * but alive is never taken for silent, and nothing runs while nothing is asked.
 *
 * Only time this page was awake counts: a look that comes late (a frozen page, a machine asleep, throttled timers, a
 * long task) counts for no more than it was meant to take, and any answer starts anew.
 */
export class Watchdog {
  limitMs: number
  readonly #ping: () => Promise<unknown>
  readonly #onSilent: () => void
  readonly #now: () => number
  readonly #open = { due: 0, waits: 0 }
  #silentMs = 0
  #pinging = false
  #timer: ReturnType<typeof setTimeout> | null = null
  #lookMs = 0
  #setAt = 0

  constructor(ping: () => Promise<unknown>, onSilent: () => void, limitMs: number, now = () => performance.now()) {
    this.#ping = ping
    this.#onSilent = onSilent
    this.limitMs = limitMs
    this.#now = now
  }

  asked(urgency: Urgency): void {
    this.#open[urgency]++
    this.#lookIn(urgency === 'due' ? LOOK_MS : LOOK_AT_WAITS_MS)
  }

  answered(urgency: Urgency): void {
    this.#open[urgency]--
    this.#silentMs = 0
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#lookMs = -1
  }

  #lookIn(ms: number): void {
    if (this.#lookMs === -1 || (this.#timer !== null && this.#lookMs <= ms)) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#lookMs = ms
    this.#setAt = this.#now()
    this.#timer = setTimeout(() => this.#look(), ms)
    // In Node a timer would keep the process alive.
    ;(this.#timer as { unref?: () => void }).unref?.()
  }

  #look(): void {
    this.#timer = null
    const { due, waits } = this.#open
    if (due > 0) this.#silentMs += awakeMs(this.#now() - this.#setAt, this.#lookMs)
    if (this.#silentMs >= this.limitMs) {
      this.close()
      this.#onSilent()
      return
    }
    if (due + waits === 0) return
    this.#sendPing()
    this.#lookIn(LOOK_MS)
  }

  #sendPing(): void {
    if (this.#pinging) return
    this.#pinging = true
    this.asked('due')
    const answered = (): void => {
      this.#pinging = false
      this.answered('due')
    }
    this.#ping().then(answered, answered)
  }
}

/** Of the time that passed, what a page surely was awake for, when a timer was set for `setForMs`. */
export function awakeMs(passedMs: number, setForMs: number): number {
  return Math.max(0, Math.min(passedMs, setForMs))
}
