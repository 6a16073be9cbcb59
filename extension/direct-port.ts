import type { StorePort } from '../src/protocol/devtools.js'

/**
 * A port whose other end is this very script: what is posted to the store is there before `say` returns, and what the
 * store posts as soon as it does. Through a MessageChannel each would take a task of the page, and an exchange that comes
 * for the answer in between would go back with nothing.
 */
export class DirectPort implements StorePort {
  readonly #onSaid: (message: unknown) => void
  readonly #early: unknown[] = []
  #handler: StorePort['onmessage'] = null
  #isClosed = false

  constructor(onSaid: (message: unknown) => void) {
    this.#onSaid = onSaid
  }

  get onmessage(): StorePort['onmessage'] {
    return this.#handler
  }

  /** As a port would, it keeps what comes before there is somebody to hear it. */
  set onmessage(handler) {
    this.#handler = handler
    for (const message of this.#early.splice(0)) this.say(message)
  }

  say(message: unknown): void {
    if (this.#isClosed) return
    if (this.#handler === null) this.#early.push(message)
    // A store's fault is its own: the others' messages go on.
    else
      try {
        this.#handler(new MessageEvent('message', { data: message }))
      } catch (error) {
        reportError(error)
      }
  }

  // A copy: what is said is what it was then, and no getter runs later.
  postMessage(message: unknown): void {
    if (!this.#isClosed) this.#onSaid(structuredClone(message))
  }

  close(): void {
    this.#isClosed = true
  }
}
