import { randomBytes } from '../events.js'
import { askWorker } from '../worker-port.js'

/** @import { Contender, Work } from '../contenders.js' */

/**
 * The limit: as many random bytes as one value, transferred to a worker and put there.
 * @param {string} name
 * @param {Work} work
 * @returns {Promise<Contender>}
 */
export async function start(name, { bytes }) {
  const worker = new Worker('/page/workers/one-put.js', { type: 'module' })
  const ask = askWorker(worker)
  await ask({ open: name })
  const { buffer } = randomBytes(bytes)
  return {
    write: () => ask({ put: buffer }, [buffer]),
    async remove() {
      await ask({ remove: name })
      worker.terminate()
    },
  }
}
