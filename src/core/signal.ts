import { deferred, type Deferred } from './deferred.js'

/** Something that happens again and again, and those who wait for the next time. */
export class Signal {
  #next: Deferred<void> = deferred()

  get next(): Promise<void> {
    return this.#next.promise
  }

  fire(): void {
    const fired = this.#next
    this.#next = deferred()
    fired.resolve()
  }
}
