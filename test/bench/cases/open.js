/** Opening a large store, in a fresh tab and with a fresh worker, costs what opening a small one costs. */
import { interleave } from '../rounds.js'
import { timesTheCost } from '../row.js'

/** @import { Ground } from '../ground.js' */
/** @import { Options } from '../options.js' */

export const name = 'open'

/**
 * @param {Ground} ground
 * @param {Options} options
 */
export async function run(ground, { rounds, many }) {
  const few = 1000
  const origins = { large: ground.freshOrigin(), small: ground.freshOrigin() }
  for (const [origin, count] of /** @type {const} */ ([
    [origins.large, many],
    [origins.small, few],
  ])) {
    const tab = await ground.openTab(origin)
    await tab.call('store', 'fill', { name: 'open', count, size: 128 })
    await tab.close()
  }
  let workers = 0
  const once = async (/** @type {'large' | 'small'} */ store) => {
    const tab = await ground.openTab(origins[store])
    await tab.call('store', 'load')
    const took = await tab.call('store', 'openCold', { name: 'open', workerName: `cold-${++workers}` })
    await tab.close()
    return /** @type {number} */ (took)
  }
  await once('small')
  await once('large')
  const samples = await interleave(/** @type {const} */ (['large', 'small']), rounds, once)
  const [own, theirs] = [many, few].map((count) => count.toLocaleString('en'))
  return [timesTheCost(`open ${own}, latest()`, samples.large, `${theirs}`, samples.small, 'ms', { atMost: 2 })]
}
