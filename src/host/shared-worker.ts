import type { Hello } from '../protocol/writer-api.js'
import type { Link } from './link.js'
import { connectRemote } from './remote.js'

declare global {
  // Missing from TypeScript's DOM library.
  interface WorkerOptions {
    /** Lets the worker finish its work after the last tab is gone. Never change it: a tab that connects with another value gets no answer. */
    extendedLifetime?: boolean
  }
}

/** Connects to the one SharedWorker of this origin, or to the worker the app builds itself. */
export async function connectSharedWorker(hello: Hello, build?: () => SharedWorker | Worker): Promise<Link> {
  const worker = build ? build() : createWorker()
  const failed = new Promise<never>((_resolve, reject) => {
    worker.addEventListener('error', (event) => {
      const { message } = event as ErrorEvent
      reject(new Error(message ? `its script failed (${message})` : 'its script could not be loaded'))
    })
  })
  failed.catch(() => {})
  if (!('port' in worker)) return connectRemote('leader', worker, hello, failed)
  worker.port.start()
  return connectRemote('shared-worker', worker.port, hello, failed)
}

// To the letter: bundlers find the worker by this very expression.
function createWorker(): SharedWorker {
  return new SharedWorker(new URL('../worker.ts', import.meta.url), {
    type: 'module',
    name: 'tabscribe',
    extendedLifetime: true,
  })
}
