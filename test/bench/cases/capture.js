/** What recording every call of a WebAssembly module's allocator takes from the caller. */
import { costs, figureOf } from '../row.js'

/** @import { Ground } from '../ground.js' */
/** @import { Options } from '../options.js' */

export const name = 'capture'

const BURST = 1000
const SAMPLES = 40
const AT_MOST_MICROS = 3

/**
 * @param {Ground} ground
 * @param {Options} options
 */
export async function run(ground, { rounds }) {
  const tab = await ground.openTab(ground.freshOrigin('isolated'))
  /** @type {number[]} */
  const wrapped = []
  /** @type {number[]} */
  const bare = []
  for (let round = 0; round <= rounds; round++) {
    for (const [samples, isWrapped] of /** @type {const} */ ([
      [wrapped, true],
      [bare, false],
    ])) {
      const run = { isWrapped, burst: BURST, samples: SAMPLES }
      const measured = /** @type {number[]} */ (await tab.call('capture', 'allocatorCost', run))
      // The first round only warms up.
      if (round > 0) samples.push(...measured)
    }
  }
  return [
    {
      ...costs('a recorded malloc() or free(), 1,000 in a burst', wrapped, 'µs', AT_MOST_MICROS),
      peer: 'the bare call',
      peerFigure: figureOf(bare, 'µs'),
    },
  ]
}
