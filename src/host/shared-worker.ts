import type { Hello } from '../protocol/writer-api.js'
import { failureOf } from './failure.js'
import type { Link } from './link.js'
import { connectRemote } from './remote.js'

/** Connects to a SharedWorker: the one of this origin that runs the same script under the same name, if there is one. */
export async function connectSharedWorker(hello: Hello, worker: SharedWorker): Promise<Link> {
  const { port } = worker
  const failed = failureOf(worker)
  port.start()
  return connectRemote('shared-worker', { endpoint: port, failed, elected: false, hangUp: () => port.close() }, hello)
}
