import type { Endpoint } from 'comlink'
import { randomId } from '../core/ids.js'
import { asWorkerOrder } from '../protocol/leader.js'
import { writerLockName } from '../protocol/names.js'
import { answerTabs } from './answer-tabs.js'
import { holdLock } from '../core/locks.js'
import { whenCutOff } from '../log/idb-factory.js'
import { servePort } from './serve.js'
import { Writers } from './writers.js'

interface WorkerScope extends Endpoint {
  close(): void
  onconnect?: ((event: MessageEvent) => void) | null
}

/** Makes this worker, shared or dedicated, the writer of whoever connects. */
export function runWriter(scope: WorkerScope): void {
  const writers = new Writers()
  const id = randomId()
  const lock = holdLock(writerLockName(id))
  const held = lock.then((release) => ({ id, locked: release !== null }))
  // Tabs find another one by themselves, and send again what this one has not answered.
  void whenCutOff.then(async () => {
    ;(await lock)?.()
    scope.close()
  })
  // Set in the first task: a tab that connected before the handler was there would never be heard.
  if ('onconnect' in scope) {
    scope.onconnect = (event) => void servePort(event.ports[0]!, writers, held)
    return
  }
  scope.addEventListener('message', (event) => {
    const order = asWorkerOrder((event as MessageEvent).data)
    if (order?.tabscribe === 'serve') servePort(order.port, writers, held)
    else if (order) void held.then(() => answerTabs(id, writers, held, scope))
  })
}
