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

/** Handlers that record one event each: what it costs the page by and by, answers and timers included. */
const steadyKinds = [
  { title: 'record(), one a task, all that follows, no journal', journal: false },
  { title: 'record(), one a task, all that follows', journal: true },
]
const STEADY_EVENTS = 1_000

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
  /** @type {number[][]} */
  const steadyOf = steadyKinds.map(() => [])
  const spent = async (/** @type {boolean | null} */ journal) => {
    const before = await tab.mainThreadMs()
    await tab.call('record', 'recordSteadily', { journal, events: STEADY_EVENTS })
    return (await tab.mainThreadMs()) - before
  }
  for (let round = 0; round <= rounds; round++) {
    for (const [at, { journal, burst }] of kinds.entries()) {
      const samples = await tab.call('record', 'recordCost', { journal, burst, samples: burst === 1 ? 200 : 40 })
      // The first round only warms up.
      if (round > 0) costsOf[at]?.push(.../** @type {number[]} */ (samples))
    }
    const idle = await spent(null)
    for (const [at, { journal }] of steadyKinds.entries()) {
      const micros = (((await spent(journal)) - idle) * 1000) / STEADY_EVENTS
      if (round > 0) steadyOf[at]?.push(micros)
    }
    const samples = await tab.call('record', 'messageCost', { samples: 200 })
    if (round > 0) messages.push(.../** @type {number[]} */ (samples))
  }
  const message = { peer: 'a postMessage, alone', peerFigure: figureOf(messages, 'µs') }
  const asked = kinds.map(({ title, burst, atMostMicros }, at) => ({
    ...costs(title, costsOf[at] ?? [], 'µs', atMostMicros),
    ...(burst === 1 ? message : {}),
  }))
  const steady = steadyKinds.map(({ title }, at) => ({ case: title, tabscribe: figureOf(steadyOf[at] ?? [], 'µs') }))
  return [...asked, ...steady]
}
