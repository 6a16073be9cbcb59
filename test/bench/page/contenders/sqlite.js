import { inBatches, keepInFlight } from '../in-flight.js'
import { askWorker } from '../worker-port.js'

/** @import { Contender, Work } from '../contenders.js' */

/**
 * SQLite WASM in a worker of its own on the OPFS SAH pool: see workers/sqlite.js for how it is set up.
 * @param {string} name
 * @param {Work} work
 * @returns {Promise<Contender>}
 */
export async function startSqlite(name, { events, batch, inFlight }) {
  const worker = new Worker('/page/workers/sqlite.js', { type: 'module' })
  const ask = askWorker(worker)
  await ask({ open: name })
  const batches = inBatches(events, batch)
  return {
    write: () => keepInFlight(batches, inFlight, (own) => ask({ insert: own.map((event) => JSON.stringify(event)) })),
    async remove() {
      await ask({ remove: name })
      worker.terminate()
    },
  }
}
