/** What counters cost: the main thread, a question, and a limit asked beside the least that could answer it. */
import { costs, figureOf, timesTheCost } from '../row.js'

/** @import { Ground } from '../ground.js' */
/** @import { Options } from '../options.js' */

export const name = 'counters'

const kinds = /** @type {const} */ ([
  { title: 'counters.record(), 1,000 in a burst, one id', ids: 1 },
  { title: 'counters.record(), 1,000 in a burst, 100 ids', ids: 100 },
  { title: 'counters.record(), 1,000 in a burst, 1,000 ids', ids: 1000 },
])

/**
 * @param {Ground} ground
 * @param {Options} options
 */
export async function run(ground, { rounds }) {
  const tab = await ground.openTab(ground.freshOrigin('isolated'))
  /** @type {{ records: number[][], queries: number[], limited: number[], bare: number[], least: number[] }} */
  const samples = { records: kinds.map(() => []), queries: [], limited: [], bare: [], least: [] }
  for (let round = 0; round <= rounds; round++) {
    /** @type {(name: string, argument: object) => Promise<number[]>} */
    const measured = (name, argument) => tab.call('counters', name, argument)
    const records = []
    for (const { ids } of kinds) records.push(await measured('recordCost', { ids, samples: 40 }))
    const queries = await measured('queryCost', { ids: 1000, samples: 200 })
    const limited = await measured('limitCost', { samples: 200 })
    const bare = await measured('bareCost', { samples: 200 })
    const least = await measured('leastCost', { samples: 200 })
    // The first round only warms up.
    if (round === 0) continue
    records.forEach((own, at) => samples.records[at]?.push(...own))
    samples.queries.push(...queries)
    samples.limited.push(figureOf(limited, 'ms').median)
    samples.bare.push(figureOf(bare, 'ms').median)
    samples.least.push(figureOf(least, 'ms').median)
  }
  const peer = 'a Comlink call and one relaxed write'
  const leastPeer = 'the same with the reads and writes that a shared log takes'
  return [
    ...kinds.map(({ title }, at) => costs(title, samples.records[at] ?? [], 'µs', 1)),
    costs('a query, among 1,000 counters', samples.queries, 'ms', 2),
    timesTheCost('checkAndRecord(), one after the other', samples.limited, peer, samples.bare, 'ms', { atMost: 1.5 }),
    timesTheCost('checkAndRecord(), one after the other', samples.limited, leastPeer, samples.least, 'ms'),
  ]
}
