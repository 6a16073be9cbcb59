import { inBatches, keepInFlight } from '../in-flight.js'
import { askWorker } from '../worker-port.js'

/** @import { Contender, Work } from '../contenders.js' */
/** @import { BenchEvent } from '../events.js' */

/**
 * SQLite WASM in a worker of its own on the OPFS SAH pool: see workers/sqlite.js for how it is set up.
 * @param {string} name
 * @param {Work} work
 * @returns {Promise<Contender>}
 */
export async function start(name, { events, batch, inFlight }) {
  const worker = new Worker('/page/workers/sqlite.js', { type: 'module' })
  const ask = askWorker(worker)
  await ask({ open: name }).catch((trouble) => {
    worker.terminate()
    throw trouble
  })
  const batches = inBatches(events, batch)
  const insert = (/** @type {BenchEvent[]} */ own) => ask({ insert: own.map((event) => JSON.stringify(event)) })
  return {
    write: () => keepInFlight(batches, inFlight, insert),
    writeOne: (event) => insert([event]),
    async readAll() {
      const texts = /** @type {string[]} */ (await ask({ read: true }))
      return texts.map((text) => JSON.parse(text))
    },
    async remove() {
      await ask({ remove: name })
      worker.terminate()
    },
  }
}
