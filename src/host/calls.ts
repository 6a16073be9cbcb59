import type { Writer, WriterMethod } from '../protocol/writer-api.js'
import { WriterGone, type Lost } from './link.js'

/** The calls under way over a link. All of them reject when it ends, and so does every later one. */
export class Calls {
  readonly #pending = new Set<(error: WriterGone) => void>()
  #ended: Lost | null = null

  get ended(): boolean {
    return this.#ended !== null
  }

  /** `start` runs at once, in the order of the calls. */
  run<T>(start: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== null) return reject(new WriterGone(this.#ended))
      this.#pending.add(reject)
      // After the end it has been rejected, and may have been asked again elsewhere.
      const settled = (work: () => void): void => {
        if (this.#pending.delete(reject)) work()
      }
      start().then(
        (value) => settled(() => resolve(value)),
        (error: unknown) => settled(() => reject(error)),
      )
    })
  }

  end(how: Lost): void {
    if (this.#ended !== null) return
    this.#ended = how
    for (const reject of this.#pending) reject(new WriterGone(how))
    this.#pending.clear()
  }
}

/** Whatever the writer can do, asked through one function. */
export function writerThrough(ask: (method: WriterMethod, args: unknown[]) => Promise<unknown>): Writer {
  return new Proxy({} as Writer, {
    get:
      (_target, method) =>
      (...args: unknown[]) =>
        ask(method as WriterMethod, args),
  })
}
