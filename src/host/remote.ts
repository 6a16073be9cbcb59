import { wrap, type Endpoint, type Remote } from 'comlink'
import { deferred } from '../core/deferred.js'
import { StoreError, type Fault } from '../core/fault.js'
import type { HostName } from '../core/health.js'
import { writerLockName } from '../protocol/names.js'
import { fromOutcome, type Outcome } from '../protocol/outcome.js'
import type { Hello, Welcome, Writer, WriterMethod } from '../protocol/writer-api.js'
import { WriterGone, type Link } from './link.js'
import { whenReleased } from './locks.js'
import type { ServedApi } from './serve.js'

/** How long a worker may take to answer hello. */
const HELLO_MS = 10_000

/**
 * Says hello over a port and answers with the way to the writer behind it. Every call settles: when the writer dies,
 * those under way reject with WriterGone. `failed` rejects when the worker could not be started.
 */
export async function connectRemote(
  host: HostName,
  endpoint: Endpoint,
  hello: Hello,
  failed: Promise<never>,
): Promise<Link> {
  const remote = wrap<ServedApi>(endpoint) as Remote<ServedApi>
  const welcome = await Promise.race([remote.hello(hello), failed, helloTimeout()])
  const { writer: id, locked, storageFault } = fromOutcome<Welcome>(welcome)
  const gone = deferred<void>()
  const pending = new Set<(error: WriterGone) => void>()
  const closing = new AbortController()
  if (locked) {
    whenReleased(writerLockName(id), closing.signal, () => {
      for (const reject of pending) reject(new WriterGone('The writer is gone'))
      pending.clear()
      gone.resolve()
    })
  }

  const call = (method: WriterMethod, args: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      pending.add(reject)
      const settled = (work: () => void): void => {
        pending.delete(reject)
        work()
      }
      ;(remote[method] as (...args: unknown[]) => Promise<Outcome<unknown>>)(...args).then(
        (outcome) => settled(() => (outcome.ok ? resolve(outcome.value) : reject(new StoreError(outcome.fault)))),
        (error: unknown) => settled(() => reject(error)),
      )
    })

  const writer = new Proxy({} as Writer, {
    get:
      (_target, method) =>
      (...args: unknown[]) =>
        call(method as WriterMethod, args),
  })
  return { host, writer, storageFault: storageFault as Fault | null, gone: gone.promise, close: () => closing.abort() }
}

function helloTimeout(): Promise<never> {
  return new Promise((_resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the worker did not answer within ${HELLO_MS / 1000} s`)), HELLO_MS)
    ;(timer as { unref?: () => void }).unref?.()
  })
}
