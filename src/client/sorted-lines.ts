import { Pieces } from './pieces.js'

/** Lines sorted in memory at once, in characters. */
const RUN_CHARACTERS = 8 * 1024 * 1024

/** Read back at once, of each run that is being merged. */
const READ_BYTES = 256 * 1024

interface Line {
  at: number
  text: string
}

interface Run {
  /** Of each line, rising. */
  at: Float64Array
  lines: Blob
}

/** Sorts any number of lines by a number, lines of the same in the order they came: runs lie in Blobs until merged. */
export class SortedLines {
  /** The least number so far; 0 when there is none. */
  first = 0
  bytes = 0
  readonly #runs: Run[] = []
  #lines: Line[] = []
  #characters = 0

  /** `text` has no line break in it. */
  add(at: number, text: string): void {
    this.first = this.bytes === 0 ? at : Math.min(this.first, at)
    this.#lines.push({ at, text })
    this.#characters += text.length
    this.bytes += text.length
    if (this.#characters >= RUN_CHARACTERS) this.#endRun()
  }

  // Runs are opened when their first line is due: of a log whose times rise, one or two are open at a time.
  async *inOrder(): AsyncGenerator<string> {
    this.#endRun()
    const waiting = this.#runs.toSorted((a, b) => a.at[0]! - b.at[0]!)
    const open: OpenRun[] = []
    while (waiting.length > 0 || open.length > 0) {
      const least = Math.min(...open.map((run) => run.at))
      if (waiting.length > 0 && !(waiting[0]!.at[0]! > least)) {
        const run = waiting.shift()!
        open.push(new OpenRun(run, this.#runs.indexOf(run)))
        continue
      }
      // Lines of the same number: the earlier run holds the earlier ones.
      const next = open.reduce((best, run) =>
        run.at < best.at || (run.at === best.at && run.order < best.order) ? run : best,
      )
      yield await next.take()
      if (next.isEmpty) open.splice(open.indexOf(next), 1)
    }
  }

  #endRun(): void {
    if (this.#lines.length === 0) return
    const lines = this.#lines.sort((a, b) => a.at - b.at)
    const pieces = new Pieces()
    for (const { text } of lines) pieces.add(`${text}\n`)
    this.#runs.push({ at: Float64Array.from(lines, ({ at }) => at), lines: new Blob(pieces.blobs()) })
    this.#lines = []
    this.#characters = 0
  }
}

class OpenRun {
  readonly order: number
  readonly #run: Run
  readonly #decoder = new TextDecoder()
  #next = 0
  #texts: string[] = []
  #textAt = 0
  #rest = ''
  #readTo = 0

  constructor(run: Run, order: number) {
    this.#run = run
    this.order = order
  }

  get at(): number {
    return this.#run.at[this.#next]!
  }

  get isEmpty(): boolean {
    return this.#next === this.#run.at.length
  }

  async take(): Promise<string> {
    while (this.#textAt === this.#texts.length) await this.#read()
    this.#next++
    return this.#texts[this.#textAt++]!
  }

  async #read(): Promise<void> {
    const { lines } = this.#run
    const piece = lines.slice(this.#readTo, this.#readTo + READ_BYTES)
    this.#readTo += piece.size
    const text = this.#rest + this.#decoder.decode(await piece.arrayBuffer(), { stream: this.#readTo < lines.size })
    this.#texts = text.split('\n')
    this.#rest = this.#texts.pop()!
    this.#textAt = 0
  }
}
