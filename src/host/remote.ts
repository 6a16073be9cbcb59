import { wrap, type Endpoint, type Remote } from 'comlink'
import { deferred } from '../core/deferred.js'
import { StoreError } from '../core/fault.js'
import type { HostName } from '../core/health.js'
import { writerLockName } from '../protocol/names.js'
import type { Outcome } from '../protocol/outcome.js'
import type { Hello, ReadRequest, Welcome, Writer, WriterMethod } from '../protocol/writer-api.js'
import { asksForHello } from './let-go.js'
import { WriterGone, type Link, type Lost } from './link.js'
import { whenReleased } from './locks.js'
import type { ServedApi } from './serve.js'
import { Watchdog, type Urgency } from './watchdog.js'

/** A worker that has not said anything for this long, after this tab asked, has not started. */
const START_SILENT_MS = 10_000

/** The same of a worker that has answered before. */
export const SILENT_MS = 5_000

/** How to reach a worker. */
export interface Line {
  endpoint: Endpoint
  /** Rejects when the worker could not be started. */
  failed: Promise<never>
  /** Whether it leads to another tab's worker. */
  elected: boolean
  hangUp(): void
}

/**
 * Says hello over a line and answers with the way to the writer behind it. Every call settles: when the writer dies or
 * falls silent, those under way reject with WriterGone.
 */
export async function connectRemote(host: HostName, line: Line, hello: Hello): Promise<Link> {
  const remote = wrap<ServedApi>(line.endpoint) as Remote<ServedApi>
  const gone = deferred<Lost>()
  const pending = new Set<(error: WriterGone) => void>()
  const closing = new AbortController()
  let state: Lost | null = null
  let answers = 0

  const lose = (how: Lost): void => {
    if (state !== null) return
    state = how
    watchdog.close()
    closing.abort()
    line.hangUp()
    for (const reject of pending) reject(new WriterGone(`The writer is gone: ${how}`))
    pending.clear()
    gone.resolve(how)
  }
  const watchdog = new Watchdog(
    () => remote.ping(),
    () => lose('silent'),
    START_SILENT_MS,
  )

  const ask = <T>(method: keyof ServedApi, args: unknown[]): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (state !== null) return reject(new WriterGone(`The writer is gone: ${state}`))
      const urgency = urgencyOf(method, args)
      pending.add(reject)
      watchdog.asked(urgency)
      const settled = (work: () => void): void => {
        watchdog.answered(urgency)
        answers++
        // Lost meanwhile: it has been rejected, and may be asked again elsewhere.
        if (pending.delete(reject)) work()
      }
      const answer = (remote[method] as (...args: unknown[]) => Promise<Outcome<unknown>>)(...args)
      answer.then(
        (outcome) =>
          settled(() => {
            if (outcome.ok) return resolve(outcome.value as T)
            if (!asksForHello(outcome.fault)) return reject(new StoreError(outcome.fault))
            reject(new WriterGone('The writer let this tab go'))
            lose('let-go')
          }),
        (error: unknown) => settled(() => reject(error)),
      )
    })

  try {
    const { writer: id, locked, storageFault, lost } = await Promise.race([ask<Welcome>('hello', [hello]), line.failed])
    watchdog.limitMs = SILENT_MS
    if (locked) whenReleased(writerLockName(id), closing.signal, () => lose('died'))
    const writer = new Proxy({} as Writer, {
      get:
        (_target, method) =>
        (...args: unknown[]) =>
          ask(method as WriterMethod, args),
    })
    return {
      host,
      writer,
      storageFault,
      lost,
      gone: gone.promise,
      elected: line.elected,
      // Hello is one.
      get useful() {
        return answers > 1
      },
      close: () => lose('closed'),
    }
  } catch (error) {
    lose('closed')
    throw error instanceof WriterGone ? new Error(`it did not answer within ${START_SILENT_MS / 1000} s`) : error
  }
}

function urgencyOf(method: keyof ServedApi, args: unknown[]): Urgency {
  return method === 'faults' || (method === 'read' && (args[0] as ReadRequest).wait) ? 'waits' : 'due'
}
