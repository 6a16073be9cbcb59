/** A log written event by event is, once compacted, as good as one written at once. */
import { interleave } from '../rounds.js'
import { timesTheCost } from '../row.js'

/** @import { Metrics } from '../../../src/index.js' */
/** @import { Ground } from '../ground.js' */
/** @import { Options } from '../options.js' */
/** @import { Row } from '../row.js' */

export const name = 'compaction'

/**
 * @param {Ground} ground
 * @param {Options} options
 * @returns {Promise<Row[]>}
 */
export async function run(ground, { rounds, quick }) {
  const count = quick ? 2000 : 10_000
  const tab = await ground.openTab()
  await tab.call('compaction', 'fill', { name: 'single', count, size: 128, batch: 1 })
  await tab.call('compaction', 'fill', { name: 'whole', count, size: 128, batch: count })
  /** @type {Metrics | null} */
  const compacted = await tab.call('store', 'compact', 'single')
  await tab.call('store', 'compact', 'whole')
  const once = (/** @type {'single' | 'whole'} */ store) =>
    /** @type {Promise<number>} */ (tab.call('compaction', 'readAll', { name: store, count }))
  await once('single')
  await once('whole')
  const samples = await interleave(/** @type {const} */ (['single', 'whole']), rounds, once)
  const bytes = {
    single: (compacted ?? /** @type {Metrics} */ (await tab.call('store', 'metrics', 'single'))).bytes,
    whole: /** @type {Metrics} */ (await tab.call('store', 'metrics', 'whole')).bytes,
  }
  const written = `${count.toLocaleString('en')} single flushes, ${compacted === null ? 'not compacted' : 'compacted'}`
  const trouble = compacted === null ? { trouble: 'no compact() yet' } : {}
  return [
    {
      ...timesTheCost(`read ${written}`, samples.single, 'one batch', samples.whole, 'ms', { atMost: 1.5 }),
      ...trouble,
    },
    {
      ...timesTheCost(`bytes of ${written}`, [bytes.single], 'one batch', [bytes.whole], 'bytes', { atMost: 1.3 }),
      ...trouble,
    },
  ]
}
