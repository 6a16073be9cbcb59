/** The writer's heap while very many events pass through it, and its queue when too many come at once. */
import { figureOf } from '../row.js'

/** @import { Ground } from '../ground.js' */
/** @import { Options } from '../options.js' */
/** @import { Row } from '../row.js' */
/** @import { WorkerHeap } from '../worker-heap.js' */

export const name = 'memory'

const MIB = 2 ** 20

/**
 * @param {Ground} ground
 * @param {Options} options
 * @returns {Promise<Row[]>}
 */
export async function run(ground, { many }) {
  const tab = await ground.openTab()
  await tab.call('store', 'fill', { name: 'memory', count: 1000, size: 128 })
  const heap = await ground.workerHeap(tab.origin)
  const before = await heap.settledBytes()
  const whileWriting = await watch(heap, () => tab.call('store', 'fill', { name: 'memory', count: many, size: 128 }))
  const afterWriting = await heap.settledBytes()
  const whileReading = await watch(heap, () => tab.call('memory', 'streamAll', 'memory'))
  const maxQueueBytes = 4 * MIB
  const flood = { name: 'flood', maxQueueBytes, count: 100_000, size: 1024 }
  const { most, refused } = /** @type {{ most: number, refused: number }} */ (await tab.call('memory', 'flood', flood))
  await tab.close()
  const events = many.toLocaleString('en')
  return [
    grew(`worker's heap growth, ${events} appended, at its highest`, whileWriting - before),
    grew(`worker's heap growth, ${events} appended, garbage collected`, afterWriting - before),
    grew(`worker's heap growth, ${events} streamed to the tab, at its highest`, whileReading - before),
    {
      case: `bytes accepted of 100 MB appended at once (${refused} of 1,000 batches refused)`,
      ...limited(most, maxQueueBytes),
    },
  ]
}

/**
 * The highest it went while the work was done, garbage included.
 * @param {WorkerHeap} heap
 * @param {() => Promise<unknown>} work
 */
async function watch(heap, work) {
  let highest = 0
  let done = false
  const worked = work().finally(() => (done = true))
  while (!done) {
    highest = Math.max(highest, await heap.bytes())
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await worked
  return highest
}

/**
 * @param {string} title
 * @param {number} bytes
 */
function grew(title, bytes) {
  return { case: title, ...limited(bytes, 64 * MIB) }
}

/**
 * @param {number} bytes
 * @param {number} atMost
 */
function limited(bytes, atMost) {
  const figure = figureOf([bytes], 'bytes')
  return { tabscribe: figure, ratio: figure, ratioUnit: /** @type {const} */ ('bytes'), target: { atMost } }
}
