import type { CounterQuery } from '../core/counters.js'
import { faultOf, type Fault } from '../core/fault.js'
import type { Opened } from './opened.js'

/** What a counter was asked. After a fault: the last answer. */
export type CounterView<T> =
  | { status: 'loading'; value: null; fault: null }
  | { status: 'live'; value: T; fault: null }
  | { status: 'fault'; value: T | null; fault: Fault }

export const LOADING_COUNTER: CounterView<never> = { status: 'loading', value: null, fault: null }

/**
 * Asks a counter again and again: time alone changes the answers. Two questions are never under way at once; what is
 * asked for meanwhile is asked once more after it.
 */
export class CounterPoll<T> {
  readonly #opened: Opened
  readonly #id: string
  readonly #everyMs: number
  #question: (counter: CounterQuery) => Promise<T>
  #show: ((view: CounterView<T>) => void) | null = null
  #view: CounterView<T> = LOADING_COUNTER
  #timer: ReturnType<typeof setTimeout> | undefined
  #asking = false
  #again = false

  constructor(opened: Opened, id: string, everyMs: number, question: (counter: CounterQuery) => Promise<T>) {
    this.#opened = opened
    this.#id = id
    this.#everyMs = everyMs
    this.#question = question
  }

  start(show: (view: CounterView<T>) => void): () => void {
    this.#show = show
    void this.#ask()
    return () => {
      this.#show = null
      clearTimeout(this.#timer)
    }
  }

  /** Another question: asked at once. */
  change(question: (counter: CounterQuery) => Promise<T>): void {
    if (this.#question === question) return
    this.#question = question
    if (this.#show) void this.#ask()
  }

  async #ask(): Promise<void> {
    this.#again = true
    if (this.#asking) return
    this.#asking = true
    clearTimeout(this.#timer)
    while (this.#again && this.#show) {
      this.#again = false
      this.#showView(await this.#answer())
    }
    this.#asking = false
    // A closed handle stays closed.
    if (this.#show && this.#view.fault?.code !== 'closed') this.#timer = setTimeout(() => this.#ask(), this.#everyMs)
  }

  async #answer(): Promise<CounterView<T>> {
    try {
      const store = await this.#opened
      return { status: 'live', value: await this.#question(store.counters.query(this.#id)), fault: null }
    } catch (error) {
      return { status: 'fault', value: this.#view.value, fault: faultOf(error) }
    }
  }

  #showView(view: CounterView<T>): void {
    if (view.status === this.#view.status && isSameAnswer(view.value, this.#view.value)) return
    this.#view = view
    this.#show?.(view)
  }
}

/** Answers are numbers, or lists of them. */
function isSameAnswer(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return Object.is(one, other)
  return one.length === other.length && one.every((count, at) => Object.is(count, other[at]))
}
