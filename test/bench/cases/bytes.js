/** What is stored for what was given. */
import { timesTheCost } from '../row.js'

/** @import { Metrics } from '../../../src/index.js' */
/** @import { Ground } from '../ground.js' */
/** @import { Options } from '../options.js' */
/** @import { Row } from '../row.js' */

export const name = 'bytes'

/**
 * @param {Ground} ground
 * @param {Options} options
 * @returns {Promise<Row[]>}
 */
export async function run(ground, { counts }) {
  const count = Math.max(...counts)
  const tab = await ground.openTab()
  await tab.call('store', 'fill', { name: 'plain', count, size: 1024 })
  const plain = /** @type {Metrics} */ (await tab.call('store', 'metrics', 'plain'))
  const json = /** @type {number} */ (await tab.call('bytes', 'fillRealistic', { name: 'real', count }))
  const real = /** @type {Metrics} */ (await tab.call('store', 'metrics', 'real'))
  const compacted = /** @type {Metrics | null} */ (await tab.call('store', 'compact', 'real'))
  await tab.close()
  const title = `bytes of ${count.toLocaleString('en')} realistic events`
  return [
    timesTheCost('bytes of 1 KB events', [plain.bytes], 'payload', [count * 1024], 'bytes', { atMost: 1.15 }),
    {
      ...timesTheCost(`${title}, compressed`, [(compacted ?? real).bytes], 'their JSON', [json], 'bytes', {
        atMost: 0.5,
      }),
      ...(compacted === null ? { trouble: 'no compact() yet' } : {}),
    },
  ]
}
