import { Signal } from '../core/signal.js'
import { faultOf, storeError, type Fault } from '../core/fault.js'
import { isWriterGone, type Link, type Lost } from '../host/link.js'
import type { OrderedMethod, Writer, WriterMethod } from '../protocol/writer-api.js'

/** Tells how to reach a writer, and why not a better one. */
export interface Route {
  link: Link
  reason: string | null
}

/** A link that is of no use any more, and how that came. */
export interface Loss {
  link: Link
  how: Lost
}

const SEEK_FIRST_MS = 100
const SEEK_LAST_MS = 5_000

type Answer<M extends WriterMethod> = Awaited<ReturnType<Writer[M]>>

interface Sent {
  ask: (writer: Writer) => Promise<unknown>
  /** A writer was asked. */
  posted: boolean
  /** A writer that fell silent has it and may yet commit it. */
  doubtful: boolean
  resolve: (answer: unknown) => void
  reject: (error: unknown) => void
}

/**
 * A tab's connection to whichever writer is there. When the writer dies the next one is sought and everything
 * unanswered is sent again, in order: the log knows what it has by (producer, seq).
 */
export class Connection {
  readonly #connect: (loss: Loss | null) => Promise<Route>
  readonly #onFault: (fault: Fault) => void
  readonly #unanswered: Sent[] = []
  readonly #reconnected = new Signal()
  #route: Route
  #state: 'connected' | 'seeking' | 'resting' | 'closed' = 'connected'

  constructor(route: Route, connect: (loss: Loss | null) => Promise<Route>, onFault: (fault: Fault) => void) {
    this.#route = route
    this.#connect = connect
    this.#onFault = onFault
    this.#watch(route.link)
  }

  get route(): Route {
    return this.#route
  }

  // Posted in the order of the calls, at once when there is a writer. Settles with the writer's answer.
  send<M extends OrderedMethod>(method: M, ...args: Parameters<Writer[M]>): Promise<Answer<M>> {
    if (this.#state === 'closed') return Promise.reject(closed())
    return new Promise<unknown>((resolve, reject) => {
      const ask = (writer: Writer): Promise<unknown> => askWriter(writer, method, args)
      const sent: Sent = { ask, posted: false, doubtful: false, resolve, reject }
      this.#unanswered.push(sent)
      if (this.#state === 'connected') this.#send(sent)
    }) as Promise<Answer<M>>
  }

  /** Calls that change nothing (or may be done twice) are asked again of the next writer. */
  async call<M extends Exclude<WriterMethod, OrderedMethod>>(
    method: M,
    ...args: Parameters<Writer[M]>
  ): Promise<Answer<M>> {
    while (true) {
      if (this.#state === 'closed') throw closed()
      if (this.#state !== 'connected') {
        await this.#reconnected.next
        continue
      }
      const { link } = this.#route
      try {
        return await askWriter(link.writer, method, args)
      } catch (error) {
        if (!isWriterGone(error)) throw error
        // By then the next one is sought.
        await link.gone
      }
    }
  }

  /** Lets the writer go until `wake`. What is asked meanwhile waits. */
  rest(): void {
    if (this.#state !== 'connected') return
    this.#state = 'resting'
    this.#leave()
  }

  wake(): void {
    if (this.#state !== 'resting') return
    this.#state = 'seeking'
    void this.#seek(null)
  }

  close(): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#leave()
    for (const { posted, reject } of this.#unanswered.splice(0)) reject(posted ? unanswered() : closed())
    this.#reconnected.fire()
  }

  #leave(): void {
    const { link } = this.#route
    void link.writer.bye().catch(() => {})
    link.close()
  }

  #send(sent: Sent): void {
    const settled = (): void => {
      const at = this.#unanswered.indexOf(sent)
      if (at >= 0) this.#unanswered.splice(at, 1)
    }
    sent.posted = true
    sent.ask(this.#route.link.writer).then(
      (answer) => {
        settled()
        sent.resolve(answer)
      },
      (error: unknown) => {
        if (isWriterGone(error)) return
        settled()
        sent.reject(sent.doubtful ? inDoubt(error) : error)
      },
    )
  }

  #watch(link: Link): void {
    void link.gone.then((how) => {
      if (this.#state !== 'connected' || this.#route.link !== link) return
      this.#state = 'seeking'
      if (how === 'silent') for (const sent of this.#unanswered) sent.doubtful = true
      void this.#seek({ link, how })
    })
  }

  // Until one is found or the store is closed: what waits to be sent is kept.
  async #seek(loss: Loss | null): Promise<void> {
    for (let afterMs = SEEK_FIRST_MS; this.#state === 'seeking'; afterMs = Math.min(SEEK_LAST_MS, afterMs * 2)) {
      try {
        this.#use(await this.#connect(loss))
      } catch (error) {
        loss = null
        this.#onFault(faultOf(error))
        await new Promise((resolve) => setTimeout(resolve, afterMs))
      }
    }
  }

  #use(route: Route): void {
    if (this.#state === 'closed') {
      route.link.close()
      return
    }
    this.#route = route
    this.#state = 'connected'
    this.#watch(route.link)
    for (const sent of this.#unanswered) this.#send(sent)
    this.#reconnected.fire()
  }
}

function askWriter<M extends WriterMethod>(writer: Writer, method: M, args: Parameters<Writer[M]>): Promise<Answer<M>> {
  const ask = writer[method] as (...args: Parameters<Writer[M]>) => Promise<Answer<M>>
  return ask.apply(writer, args)
}

// What could not be stored now may still be stored by the writer that is silent, once it wakes up.
function inDoubt(error: unknown): unknown {
  const { code, message } = faultOf(error)
  if (code !== 'quota-exceeded' && code !== 'storage-unavailable') return error
  return storeError('outcome-unknown', `${message} A writer that stopped answering may still store it.`, {}, error)
}

function unanswered(): Error {
  return storeError(
    'outcome-unknown',
    'The store was closed before the writer answered: it may be done. Give events an id to make a retry safe.',
  )
}

function closed(): Error {
  return storeError('closed', 'The store is closed: open it again with openStore().')
}
