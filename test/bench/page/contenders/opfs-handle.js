import { inBatches, keepInFlight } from '../in-flight.js'
import { randomBytes } from '../events.js'
import { askWorker } from '../worker-port.js'

/** @import { Contender, Work } from '../contenders.js' */

/**
 * The limit: as many random bytes, batch by batch transferred to a worker that writes them at the end of a file. Not
 * flushed, as the others are relaxed.
 * @param {string} name
 * @param {Work} work
 * @returns {Promise<Contender>}
 */
export async function start(name, { events, batch, inFlight, bytes }) {
  const worker = new Worker('/page/workers/opfs-handle.js', { type: 'module' })
  const ask = askWorker(worker)
  await ask({ open: name })
  const buffers = inBatches(events, batch).map((own) => randomBytes((bytes / events.length) * own.length).buffer)
  return {
    write: () => keepInFlight(buffers, inFlight, (buffer) => ask({ write: buffer }, [buffer])),
    async remove() {
      await ask({ remove: name })
      worker.terminate()
    },
  }
}
