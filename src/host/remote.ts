import { wrap, type Endpoint, type Remote } from 'comlink'
import { deferred } from '../core/deferred.js'
import { StoreError } from '../core/fault.js'
import type { HostName } from '../core/health.js'
import { writerLockName } from '../protocol/names.js'
import type { Outcome } from '../protocol/outcome.js'
import type { Hello, ReadRequest, Welcome } from '../protocol/writer-api.js'
import { Calls, writerThrough } from './calls.js'
import { asksForHello } from './let-go.js'
import { isWriterGone, type Link, type Lost } from './link.js'
import { whenReleased } from '../core/locks.js'
import type { Held, ServedApi } from './serve.js'
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
  const calls = new Calls()
  const closing = new AbortController()
  let answers = 0

  const lose = (how: Lost): void => {
    if (calls.ended) return
    calls.end(how)
    watchdog.close()
    closing.abort()
    line.hangUp()
    gone.resolve(how)
  }
  const watchdog = new Watchdog(
    () => remote.ping(),
    () => lose('silent'),
    START_SILENT_MS,
  )
  const ask = <T>(method: keyof ServedApi, args: unknown[]): Promise<T> =>
    calls.run(async () => {
      const urgency = urgencyOf(method, args)
      watchdog.asked(urgency)
      try {
        const outcome = await (remote[method] as (...args: unknown[]) => Promise<Outcome<T>>)(...args)
        answers++
        if (outcome.ok) return outcome.value
        if (asksForHello(outcome.fault)) lose('let-go')
        throw new StoreError(outcome.fault)
      } finally {
        watchdog.answered(urgency)
      }
    })

  try {
    // First whose lock tells of its death: hello takes as long as what dead tabs left takes to be stored.
    const { id, locked } = await Promise.race([ask<Held>('ping', []), line.failed])
    if (locked) whenReleased(writerLockName(id), closing.signal, () => lose('died'))
    const { storageFault, lost, tracked } = await Promise.race([ask<Welcome>('hello', [hello]), line.failed])
    watchdog.limitMs = SILENT_MS
    return {
      host,
      writer: writerThrough(ask),
      storageFault,
      lost,
      tracked,
      gone: gone.promise,
      elected: line.elected,
      // Ping and hello are two.
      get useful() {
        return answers > 2
      },
      close: () => lose('closed'),
    }
  } catch (error) {
    lose('closed')
    const isSilent = isWriterGone(error) && error.how === 'silent'
    throw isSilent ? new Error(`it did not answer within ${START_SILENT_MS / 1000} s`) : error
  }
}

function urgencyOf(method: keyof ServedApi, args: unknown[]): Urgency {
  return method === 'faults' || (method === 'read' && (args[0] as ReadRequest).wait) ? 'waits' : 'due'
}
