/** What a record() takes from the page's main thread, in bursts and alone. */
import { costs, figureOf } from '../row.js'

/** @import { Ground } from '../ground.js' */
/** @import { Options } from '../options.js' */

export const name = 'record'

const kinds = [
  { title: 'record(), 1,000 in a burst, no journal', journal: false, burst: 1000, atMostMicros: 1 },
  { title: 'record(), alone, no journal', journal: false, burst: 1, atMostMicros: 25 },
  { title: 'record(), 1,000 in a burst', journal: true, burst: 1000, atMostMicros: 2.5 },
  { title: 'record(), alone', journal: true, burst: 1, atMostMicros: 300 },
]

/**
 * @param {Ground} ground
 * @param {Options} options
 */
export async function run(ground, { rounds }) {
  const tab = await ground.openTab(ground.freshOrigin('isolated'))
  /** @type {number[][]} */
  const costsOf = kinds.map(() => [])
  /** @type {number[]} */
  const messages = []
  for (let round = 0; round <= rounds; round++) {
    for (const [at, { journal, burst }] of kinds.entries()) {
      const samples = await tab.call('record', 'recordCost', { journal, burst, samples: burst === 1 ? 200 : 40 })
      // The first round only warms up.
      if (round > 0) costsOf[at]?.push(.../** @type {number[]} */ (samples))
    }
    const samples = await tab.call('record', 'messageCost', { samples: 200 })
    if (round > 0) messages.push(.../** @type {number[]} */ (samples))
  }
  const message = { peer: 'a postMessage, alone', peerFigure: figureOf(messages, 'µs') }
  return kinds.map(({ title, burst, atMostMicros }, at) => ({
    ...costs(title, costsOf[at] ?? [], 'µs', atMostMicros),
    ...(burst === 1 ? message : {}),
  }))
}
