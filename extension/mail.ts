import { isExchanged, type Exchanged, type Posted } from './mailbox-entries.js'
import type { Wire } from './wire.js'

/** Evaluates what is to be exchanged in the page; null where the page is another one by now. */
export type Exchange = (posted: Posted[]) => Promise<unknown>

/** Right after something was said the answer is near. */
const EAGER_EXCHANGES = 6
/** While one is on its way the next is: it finds what the page answers to the first. */
const MOST_ON_THE_WAY = 2
const FIRST_PAUSE_MS = 2
const LAST_PAUSE_MS = 100

interface Line {
  onMessage(message: unknown): void
  onGone(): void
}

/** Wires over exchanges with a mailbox in the page: what the page has to say is come for. */
export class Mail {
  readonly #exchange: Exchange
  readonly #onFrames: () => void
  readonly #lines = new Map<number, Line>()
  #posted: Posted[] = []
  #frames = ''
  #lastLine = 0
  #eager = 0
  #runners = 0
  #delivered = Promise.resolve()
  #isOver = false
  #wake = (): void => {}

  /** `onFrames`: frames came or went. */
  constructor(exchange: Exchange, onFrames: () => void) {
    this.#exchange = exchange
    this.#onFrames = onFrames
  }

  get isIdle(): boolean {
    return this.#runners === 0
  }

  get isOver(): boolean {
    return this.#isOver
  }

  open(what: { to: 'open-frame'; frame: number } | { to: 'open-store'; frame: number; store: number }): Wire {
    const line = ++this.#lastLine
    return {
      post: (message) => {
        if (this.#lines.has(line)) this.#post({ line, to: 'say', message })
      },
      listen: (onMessage, onGone) => {
        if (this.#isOver) return onGone()
        this.#lines.set(line, { onMessage, onGone })
        this.#post({ line, ...what })
      },
      close: () => {
        if (this.#lines.delete(line)) this.#post({ line, to: 'end' })
      },
    }
  }

  #post(entry: Posted): void {
    this.#posted.push(entry)
    this.#eager = EAGER_EXCHANGES
    this.#wake()
    while (this.#runners < MOST_ON_THE_WAY) void this.#run()
  }

  /** While much is said there are some of them; the last one goes on as long as there is a line. */
  async #run(): Promise<void> {
    this.#runners++
    let pauseMs = FIRST_PAUSE_MS
    while (this.#lines.size + this.#posted.length > 0) {
      await this.#exchangeNext()
      if (this.#eager-- > 0) pauseMs = FIRST_PAUSE_MS
      else if (this.#runners > 1) break
      else {
        await this.#pause(pauseMs)
        pauseMs = Math.min(LAST_PAUSE_MS, pauseMs * 2)
      }
    }
    this.#runners--
  }

  /** Resolves when the answer has been delivered, which is after those of all exchanges before it. */
  async #exchangeNext(): Promise<void> {
    const before = this.#delivered
    const answering = this.#exchange(this.#posted.splice(0)).catch(() => null)
    this.#delivered = Promise.all([answering, before]).then(([answer]) => this.#take(answer))
    await this.#delivered
  }

  #take(answer: unknown): void {
    if (this.#isOver) return
    if (!isExchanged(answer)) return this.#end()
    if (answer.said.length > 0) this.#eager = EAGER_EXCHANGES
    this.#deliver(answer)
  }

  #deliver({ frames, said, ended }: Exchanged): void {
    for (const { line, message } of said) this.#lines.get(line)?.onMessage(message)
    for (const line of ended) this.#drop(line)
    const seen = frames.join()
    const isNews = this.#frames !== '' && this.#frames !== seen
    this.#frames = seen
    if (isNews) this.#onFrames()
  }

  #drop(line: number): void {
    const gone = this.#lines.get(line)
    this.#lines.delete(line)
    gone?.onGone()
  }

  #end(): void {
    this.#isOver = true
    this.#posted = []
    for (const line of this.#lines.keys()) this.#drop(line)
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
