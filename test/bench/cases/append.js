/** Batches of 1,000 from a tab to IndexedDB's `complete`, beside peers and beside one big write of as many bytes. */
import { interleave } from '../rounds.js'
import { fasterThan } from '../row.js'

/** @import { Ground } from '../ground.js' */
/** @import { Options } from '../options.js' */
/** @import { Row, Target } from '../row.js' */

export const name = 'append'
export const needsPeers = true

/** @type {Record<Options['browser'], Record<number, Target>>} */
const dexieTargets = {
  chromium: {
    128: { atLeast: 25, aim: 45 },
    512: { atLeast: 10, aim: 16 },
    1024: { atLeast: 6, aim: 9 },
  },
  firefox: { 128: { atLeast: 5 } },
}

/** Batches not yet committed: with 1 KB events about what the queue may hold by default. */
const inFlight = 24
const batch = 1000

const warmUps = 2

/**
 * @param {Ground} ground
 * @param {Options} options
 */
export async function run(ground, options) {
  /** @type {Row[]} */
  const rows = []
  for (const count of options.counts) {
    for (const size of options.sizes) rows.push(...(await measure(ground, options, count, size)))
  }
  return rows
}

/**
 * @param {Ground} ground
 * @param {Options} options
 * @param {number} count
 * @param {number} size
 * @returns {Promise<Row[]>}
 */
async function measure(ground, { rounds, against, browser }, count, size) {
  const contenders = ['tabscribe', 'Dexie', 'one put']
  if (size === 128) contenders.push('SQLite')
  if (against !== null) contenders.push('other build')
  // Storage of its own for every run: what LevelDB still has to tidy up after one would slow the next one's writes.
  const samples = await interleave(contenders, rounds, async (contender) => {
    const tab = await ground.openTab()
    const once = (/** @type {number} */ events) =>
      /** @type {Promise<number>} */ (tab.call('append', 'append', { contender, count: events, size, batch, inFlight }))
    // Compiles the code and starts the workers.
    for (let warm = 0; warm < warmUps; warm++) await once(10_000)
    await tab.call('append', 'prepare', { count, size })
    await tab.collectGarbage()
    const took = await once(count)
    await tab.remove()
    return took
  })

  const title = `append ${count.toLocaleString('en')} × ${size} B`
  const beside = (/** @type {string} */ peer, /** @type {Target | undefined} */ target) =>
    fasterThan(title, samples['tabscribe'] ?? [], peer, samples[peer] ?? [], count, target)
  const rows = [beside('Dexie', dexieTargets[browser][size])]
  const isChromium = browser === 'chromium'
  if (size === 128) rows.push(beside('SQLite', isChromium ? { atLeast: 5 } : undefined))
  rows.push(beside('one put', isChromium ? { atLeast: 0.4, aim: 0.65 } : undefined))
  if (against !== null) rows.push(beside('other build', undefined))
  return rows
}
