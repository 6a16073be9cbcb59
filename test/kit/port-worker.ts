import { runWriter } from '../../src/host/run-writer.js'

/**
 * A SharedWorker's stand-in where there is none: its work is done in this thread, behind real message ports. Every
 * call of what comes back is one more tab that connects.
 */
export function startPortWorker(): () => SharedWorker {
  const scope: Parameters<typeof runWriter>[0] = {
    onconnect: null,
    addEventListener() {},
    removeEventListener() {},
    postMessage() {},
    close() {},
  }
  runWriter(scope)
  return () => {
    const { port1, port2 } = new MessageChannel()
    scope.onconnect!(new MessageEvent('connect', { ports: [port2] }))
    return Object.assign(new EventTarget(), { port: port1, onerror: null })
  }
}
