import { fromBase64 } from '../src/codec/base64.js'
import { fromCloneText, toCloneText } from '../src/codec/clone-text.js'
import { aborted, storeError, StoreError } from '../src/core/fault.js'
import {
  asToPanel,
  DEVTOOLS_VERSION,
  PIECE_SIZE,
  type StoreHello,
  type ToPanel,
  type ToStore,
} from '../src/protocol/devtools.js'
import { PANEL_CALLS, type PanelCall, type PanelCalls } from '../src/protocol/panel-calls.js'
import { isFault } from '../src/protocol/panel-shapes.js'
import type { ExportFollower, PanelExport } from '../src/protocol/panel-source.js'
import { LineFigures } from './line-figures.js'
import type { Wire } from './wire.js'

/** The line ended before the answer came: it may or may not have been done. */
export class LineLost extends Error {}

type AnswerOf<Call extends PanelCall> = ReturnType<PanelCalls[Call]>

interface How {
  signal?: AbortSignal | undefined
  onProgress: ExportFollower['onProgress']
  /** Of pieces, before it is given up. */
  most: number
}

interface Pending {
  pieces: (string | Uint8Array)[]
  bytes: number
  startedAt: number
  how: How
  settle(pieces: (string | Uint8Array)[]): void
  fail(error: unknown): void
}

/** A page that stands still, as in a debugger, is asked again after it. */
const HELLO_WITHIN_MS = 5000
const MOST_TEXT = 512 * PIECE_SIZE
const MOST_FILE = 4096 * PIECE_SIZE

/** Asks one store over a wire. Every question settles: with its answer, a fault, or the loss of the line. */
export class Line {
  readonly figures = new LineFigures()
  /** Resolves when the line is no more. */
  readonly lost: Promise<void>
  readonly #wire: Wire
  readonly #pending = new Map<number, Pending>()
  #lastId = 0
  #isLost = false
  #onLost!: () => void
  #hello: { resolve(hello: StoreHello): void; reject(error: unknown): void } | null = null

  constructor(wire: Wire) {
    this.#wire = wire
    this.lost = new Promise((resolve) => {
      this.#onLost = resolve
    })
    wire.listen(
      (data) => this.#onMessage(asToPanel(data)),
      () => this.#lose(),
    )
  }

  // Comes first.
  async hello(): Promise<StoreHello> {
    const answer = new Promise<StoreHello>((resolve, reject) => {
      this.#hello = { resolve, reject }
    })
    this.#post({ is: 'hello', version: DEVTOOLS_VERSION, probe: new Uint8Array(1) })
    const timer = setTimeout(() => this.close(), HELLO_WITHIN_MS)
    const hello = await Promise.race([answer, this.lost]).finally(() => clearTimeout(timer))
    if (hello === undefined) throw new LineLost('the page did not answer')
    return hello
  }

  async ask<Call extends Exclude<PanelCall, 'export'>>(
    call: Call,
    args: Parameters<PanelCalls[Call]>,
    signal?: AbortSignal,
  ): Promise<AnswerOf<Call>> {
    const pieces = await this.#send(call, args, { signal, onProgress() {}, most: MOST_TEXT })
    const answer = readable(pieces.join(''))
    const { gives } = PANEL_CALLS[call]
    if (!gives(answer)) throw nonsense(call)
    // By the check above, which TypeScript cannot tie to this call.
    return answer as AnswerOf<Call>
  }

  /** The pieces of a file. */
  async export(what: PanelExport, follow: Partial<ExportFollower> = {}): Promise<BlobPart[]> {
    const pieces = await this.#send('export', [what], { onProgress() {}, ...follow, most: MOST_FILE })
    return pieces.map((piece) => (typeof piece === 'string' ? fromBase64(piece) : (piece as Uint8Array<ArrayBuffer>)))
  }

  async ping(): Promise<void> {
    const startedAt = performance.now()
    await this.ask('ping', [])
    this.figures.returned(performance.now() - startedAt)
  }

  close(): void {
    this.#wire.close()
    this.#lose()
  }

  #send(call: PanelCall, args: readonly unknown[], how: How): Promise<(string | Uint8Array)[]> {
    const id = ++this.#lastId
    if (this.#isLost) return Promise.reject(new LineLost())
    return new Promise<(string | Uint8Array)[]>((resolve, reject) => {
      const { signal } = how
      const cancel = (): void => {
        this.#post({ is: 'cancel', id })
        this.#drop(id)?.fail(aborted(signal!))
      }
      const done = (): void => signal?.removeEventListener('abort', cancel)
      this.#pending.set(id, {
        pieces: [],
        bytes: 0,
        startedAt: 0,
        how,
        settle(pieces) {
          done()
          resolve(pieces)
        },
        fail(error) {
          done()
          reject(error instanceof Error ? error : new Error(String(error)))
        },
      })
      signal?.addEventListener('abort', cancel, { once: true })
      this.#post({ is: 'ask', id, call, args: toCloneText(args) })
      if (signal?.aborted) cancel()
    })
  }

  #post(message: ToStore): void {
    this.#wire.post(message)
  }

  #onMessage(message: ToPanel | null): void {
    if (message?.is === 'hello') this.#hello?.resolve(message)
    else if (message?.is === 'piece') this.#take(message)
    else if (message?.is === 'refused') this.#hello?.reject(faultIn(message.fault))
    else if (message?.is === 'fault') this.#drop(message.id)?.fail(faultIn(message.fault))
    else if (message?.is === 'progress') {
      const { done, total, bytes } = message
      this.#pending.get(message.id)?.how.onProgress({ done, total, bytes })
    }
  }

  #take({ id, piece, isLast }: ToPanel & { is: 'piece' }): void {
    const pending = this.#pending.get(id)
    if (pending === undefined) return
    if (pending.pieces.length === 0) pending.startedAt = performance.now()
    pending.pieces.push(piece)
    pending.bytes += piece.length
    this.figures.received(piece.length)
    if (pending.bytes > pending.how.most) {
      this.#drop(id)?.fail(storeError('unsupported', 'The answer is too large to show: ask for less of it.'))
      this.#post({ is: 'cancel', id })
    } else if (isLast) {
      const { pieces, bytes, startedAt } = pending
      if (pieces.length > 1) this.figures.transferred(bytes - pieces[0]!.length, performance.now() - startedAt)
      this.#drop(id)?.settle(pieces)
    } else this.#post({ is: 'more', id })
  }

  #drop(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    return pending
  }

  #lose(): void {
    if (this.#isLost) return
    this.#isLost = true
    for (const id of this.#pending.keys()) this.#drop(id)?.fail(new LineLost())
    this.#onLost()
  }
}

function nonsense(call: string): StoreError {
  return storeError(
    'incompatible',
    `The page answered '${call}' with something else. Its library may be of another release, or something on the page is in the way.`,
  )
}

function faultIn(text: string): StoreError {
  const fault = readable(text)
  return isFault(fault) ? new StoreError(fault) : nonsense('a question')
}

function readable(text: string): unknown {
  try {
    return fromCloneText(text)
  } catch {
    return undefined
  }
}
