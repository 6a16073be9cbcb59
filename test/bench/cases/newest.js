/** The newest events of a large store cost what they cost in a small one. */
import { interleave } from '../rounds.js'
import { timesTheCost } from '../row.js'

/** @import { Ground } from '../ground.js' */
/** @import { Options } from '../options.js' */
/** @import { Row } from '../row.js' */

export const name = 'newest'

/** Calls in one sample. */
const times = 50

/**
 * @param {Ground} ground
 * @param {Options} options
 */
export async function run(ground, { rounds, many }) {
  const few = 10_000
  const small = await ground.openTab()
  const large = await ground.openTab()
  await small.call('store', 'fill', { name: 'newest', count: few, size: 128 })
  await large.call('store', 'fill', { name: 'newest', count: many, size: 128 })
  for (const store of [small, large]) await store.call('store', 'settled', 'newest')
  /** @type {Row[]} */
  const rows = []
  for (const [ask, title] of [
    ['latest', 'latest()'],
    ['last100', 'last(100)'],
  ]) {
    const once = (/** @type {'small' | 'large'} */ store) =>
      (store === 'small' ? small : large).call('store', 'askNewest', { name: 'newest', ask, times })
    await once('small')
    await once('large')
    const samples = await interleave(/** @type {const} */ (['large', 'small']), rounds, once)
    const [own, theirs] = [many, few].map((count) => count.toLocaleString('en'))
    rows.push(timesTheCost(`${title} of ${own}`, samples.large, `of ${theirs}`, samples.small, 'ms', { atMost: 1.5 }))
  }
  return rows
}
