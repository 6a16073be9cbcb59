import { storeError, StoreError } from '../core/fault.js'
import type { StoreOptions } from '../core/options.js'
import { connectSharedWorker } from '../host/shared-worker.js'
import { PROTOCOL_VERSION } from '../protocol/version.js'
import type { Hello } from '../protocol/writer-api.js'
import type { Route } from './connection.js'
import { holdTabLock, producerId, sessionId } from './this-tab.js'

/** Reaches a writer by the best way there is, or by the one the options name. */
export async function connect(store: string, options: StoreOptions): Promise<Route> {
  await holdTabLock()
  const { storage, batchSize, batchTimeoutMs, maxQueueBytes } = options
  const hello: Hello = {
    protocol: PROTOCOL_VERSION,
    store,
    producer: producerId(),
    session: sessionId(),
    options: defined({ storage, batchSize, batchTimeoutMs, maxQueueBytes }),
  }
  const host = options.host ?? 'auto'
  if (host === 'leader') {
    throw storeError('unsupported', "Host 'leader' is not there yet: use 'auto', 'shared-worker' or 'inline'.")
  }
  if (host === 'inline') return { link: await connectInline(hello), reason: "The option host: 'inline' asks for it." }
  const trouble = await trySharedWorker(hello, options)
  if (typeof trouble !== 'string') return trouble
  if (host === 'shared-worker') {
    throw storeError(
      'unsupported',
      `No SharedWorker can be started: ${trouble}. Check that the worker's file is served and allowed by the page's ` +
        "Content-Security-Policy (worker-src), give its address with the option 'worker', or use host 'auto'.",
    )
  }
  return { link: await connectInline(hello), reason: `The writer runs in this page: ${trouble}.` }
}

async function trySharedWorker(hello: Hello, options: StoreOptions): Promise<Route | string> {
  if (typeof SharedWorker === 'undefined' && !options.worker) return 'this environment has no SharedWorker'
  try {
    return { link: await connectSharedWorker(hello, options.worker), reason: null }
  } catch (error) {
    if (error instanceof StoreError) throw error
    return error instanceof Error ? error.message : String(error)
  }
}

// A chunk of its own: tabs that reach a worker never load the writer.
async function connectInline(hello: Hello): Promise<Route['link']> {
  const inline = await import('../host/inline.js')
  return inline.connectInline(hello)
}

function defined(options: Hello['options']): Hello['options'] {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}
