import { fromCloneText, toCloneText } from '../codec/clone-text.js'
import { toBase64 } from '../codec/base64.js'
import { aborted, faultOf, invalidArgument, storeError } from '../core/fault.js'
import {
  asToStore,
  DEVTOOLS_VERSION,
  PIECES_AHEAD,
  PIECE_SIZE,
  type StorePort,
  type ToPanel,
  type ToStore,
} from '../protocol/devtools.js'
import { isPanelCall, PANEL_CALLS, type PanelCall } from '../protocol/panel-calls.js'
import type { PanelExport, PanelSearch, PanelSource, Path } from '../protocol/panel-source.js'
import { textPieces } from './text-pieces.js'

const MOST_ANSWERS = 1000
const MOST_SEARCHES = 32
const MOST_FILES = 4

/** An answer on its way. */
interface Answer {
  readonly cancel: AbortController
  /** Pieces that may still be sent before the panel has taken more. */
  credit: number
  onCredit: () => void
}

type Ask = ToStore & { is: 'ask' }

/** Answers what a panel in another page asks of this source. What comes over the port is checked; nothing throws. */
export class PanelServer {
  readonly #source: PanelSource
  readonly #port: StorePort
  readonly #onClose: () => void
  readonly #answers = new Map<number, Answer>()
  readonly #searches = new Map<number, PanelSearch>()
  readonly #files = new Map<number, Uint8Array<ArrayBuffer>[]>()
  #takesBytes = false

  constructor(source: PanelSource, port: StorePort, onClose = (): void => {}) {
    this.#source = source
    this.#port = port
    this.#onClose = onClose
    port.onmessage = ({ data }) => this.#onMessage(asToStore(data))
  }

  close(): void {
    this.#port.close()
    for (const { cancel } of this.#answers.values()) cancel.abort()
    for (const search of this.#searches.values()) search.close()
    this.#searches.clear()
    this.#source.close()
    this.#onClose()
  }

  #say(message: ToPanel, transferables: Transferable[] = []): void {
    this.#port.postMessage(message, transferables)
  }

  #onMessage(message: ToStore | null): void {
    if (message?.is === 'hello') this.#hello(message.probe)
    else if (message?.is === 'ask') void this.#answer(message)
    else if (message?.is === 'cancel') this.#answers.get(message.id)?.cancel.abort()
    else if (message?.is === 'more') this.#grant(message.id)
    else if (message?.is === 'bye') this.close()
  }

  #hello(probe: unknown): void {
    this.#takesBytes = probe instanceof Uint8Array
    const { store, producer, readOnly, projections } = this.#source
    const own = { version: DEVTOOLS_VERSION, store, producer, readOnly, projections: [...projections] }
    this.#say({ is: 'hello', ...own, probe: new Uint8Array(1) })
  }

  #grant(id: number): void {
    const answer = this.#answers.get(id)
    if (answer === undefined) return
    answer.credit++
    answer.onCredit()
  }

  async #answer({ id, call, args }: Ask): Promise<void> {
    if (this.#answers.has(id) || this.#answers.size >= MOST_ANSWERS) return
    const answer: Answer = { cancel: new AbortController(), credit: PIECES_AHEAD, onCredit() {} }
    this.#answers.set(id, answer)
    try {
      if (!isPanelCall(call)) throw invalidArgument('call', 'one that a panel has', call)
      const asked = fromCloneText(args)
      if (!PANEL_CALLS[call].takes(asked)) throw invalidArgument('args', `what '${call}' takes`, asked)
      if (call === 'export') await this.#sendFile(id, answer, asked[0] as PanelExport)
      else await this.#sendText(id, answer, toCloneText(await this.#ask(call, asked, answer.cancel.signal)))
    } catch (error) {
      this.#say({ is: 'fault', id, fault: toCloneText(faultOf(error)) })
    } finally {
      this.#answers.delete(id)
    }
  }

  async #sendText(id: number, answer: Answer, text: string): Promise<void> {
    for (const { piece, isLast } of textPieces(text, PIECE_SIZE)) {
      await takeCredit(answer)
      this.#say({ is: 'piece', id, piece, isLast })
    }
  }

  async #sendFile(id: number, answer: Answer, what: PanelExport): Promise<void> {
    const { signal } = answer.cancel
    const file = await this.#source.export(what, {
      onProgress: (progress) => this.#say({ is: 'progress', id, ...progress }),
      signal,
    })
    for (let at = 0, isLast = false; !isLast; at += PIECE_SIZE) {
      await takeCredit(answer)
      const bytes = new Uint8Array(await file.slice(at, at + PIECE_SIZE).arrayBuffer())
      isLast = at + PIECE_SIZE >= file.size
      if (this.#takesBytes) this.#say({ is: 'piece', id, piece: bytes, isLast }, [bytes.buffer])
      else this.#say({ is: 'piece', id, piece: toBase64(bytes), isLast })
    }
  }

  // `args` have passed the call's own check.
  async #ask(call: Exclude<PanelCall, 'export'>, args: readonly unknown[], signal: AbortSignal): Promise<unknown> {
    const source = this.#source
    switch (call) {
      case 'ping':
        return null
      case 'searchOpen':
        return this.#openSearch(...(args as [number, Parameters<PanelSource['search']>[0]]))
      case 'searchProgress':
        return this.#search(args).progress(args[1] as number)
      case 'searchRows':
        return this.#search(args).rows(args[1] as number, args[2] as number)
      case 'searchRank':
        return this.#search(args).rankOf(args[1] as number)
      case 'searchHistogram':
        return this.#search(args).histogram(args[1] as number, args[2] as number, args[3] as number)
      case 'searchClose':
        return this.#closeSearch(args[0] as number)
      case 'state':
        return source.state(...(args as [string, number | null]), signal)
      case 'changes':
        return source.changes(...(args as [string, Path, number | null, number]), signal)
      case 'upload':
        return this.#upload(args[0] as number, args[1] as Uint8Array<ArrayBuffer>)
      case 'import':
        return this.#import(args[0] as number)
      case 'clear':
        await source.clear()
        return null
      default: {
        const ask = source[call] as (...args: unknown[]) => Promise<unknown>
        return ask.apply(source, [...args])
      }
    }
  }

  async #openSearch(id: number, filter: Parameters<PanelSource['search']>[0]): Promise<null> {
    if (this.#searches.size >= MOST_SEARCHES) throw storeError('queue-full', 'Too many searches are open: close one.')
    const search = await this.#source.search(filter)
    this.#searches.get(id)?.close()
    this.#searches.set(id, search)
    return null
  }

  #search([id]: readonly unknown[]): PanelSearch {
    const search = this.#searches.get(id as number)
    if (search === undefined) throw storeError('not-found', 'This search is closed: open it again.')
    return search
  }

  #closeSearch(id: number): null {
    this.#searches.get(id)?.close()
    this.#searches.delete(id)
    return null
  }

  #upload(id: number, piece: Uint8Array<ArrayBuffer>): null {
    const pieces = this.#files.get(id)
    if (pieces === undefined && this.#files.size >= MOST_FILES) this.#files.delete([...this.#files.keys()][0]!)
    this.#files.set(id, [...(pieces ?? []), piece])
    return null
  }

  #import(id: number): ReturnType<PanelSource['import']> {
    const pieces = this.#files.get(id)
    this.#files.delete(id)
    if (pieces === undefined) throw storeError('not-found', 'The file did not arrive: import it again.')
    return this.#source.import(new Blob(pieces))
  }
}

/** Resolves once one more piece may be sent; rejects when the answer is not wanted any more. */
async function takeCredit(answer: Answer): Promise<void> {
  const { signal } = answer.cancel
  while (answer.credit === 0 && !signal.aborted) {
    await new Promise<void>((resolve) => {
      answer.onCredit = resolve
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
  }
  if (signal.aborted) throw aborted(signal)
  answer.credit--
}
