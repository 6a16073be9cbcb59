import type { Clock } from '../core/clock.js'
import { deferred } from '../core/deferred.js'
import type { Hello } from '../protocol/writer-api.js'
import { comeBack, setAside } from '../log/set-aside.js'
import { Calls, writerThrough } from './calls.js'
import type { Link, Lost } from './link.js'
import { Writers } from './writers.js'

const writers = new Writers()

if (typeof document !== 'undefined') {
  addEventListener('pagehide', ({ persisted }) => {
    if (persisted) setAside()
  })
  addEventListener('pageshow', comeBack)
}

/** The writer in this very page (or in Node). It lives and dies with its tabs' code, so only this side ends the link. */
export async function connectInline(hello: Hello, clock?: Clock): Promise<Link> {
  const { session, storageFault, lost, tracked } = await writers.join(hello, clock)
  const gone = deferred<Lost>()
  const calls = new Calls()
  return {
    host: 'inline',
    writer: writerThrough((method, args) => {
      const call = session[method] as (...args: unknown[]) => Promise<unknown>
      return calls.run(async () => call.apply(session, args))
    }),
    storageFault,
    lost,
    tracked,
    gone: gone.promise,
    elected: false,
    useful: true,
    close() {
      session.leave()
      calls.end('closed')
      gone.resolve('closed')
    },
  }
}
