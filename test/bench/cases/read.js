/** Everything there is, as objects in the tab: of random text, which is stored as it is, and of what apps record, compressed. */
import { interleave } from '../rounds.js'
import { fasterThan } from '../row.js'

/** @import { Ground } from '../ground.js' */
/** @import { Options } from '../options.js' */
/** @import { Row } from '../row.js' */

export const name = 'read'
export const needsPeers = true

/** @type {Record<number, { atLeast: number, aim: number }>} */
const targets = {
  128: { atLeast: 2.5, aim: 4 },
  512: { atLeast: 1.3, aim: 1.9 },
  1024: { atLeast: 1.2, aim: 2 },
}

/**
 * @param {Ground} ground
 * @param {Options} options
 */
export async function run(ground, { rounds, counts, sizes, against }) {
  const count = Math.max(...counts)
  /** @type {Row[]} */
  const rows = []
  for (const size of [...sizes, null]) {
    const tab = await ground.openTab()
    const contenders = ['tabscribe', 'Dexie']
    if (against !== null) contenders.push('other build')
    for (const contender of contenders) await tab.call('read', 'fill', { contender, count, size })
    const once = async (/** @type {string} */ contender) => {
      await tab.collectGarbage()
      return tab.call('read', 'readAll', { contender, count })
    }
    for (const contender of contenders) await once(contender)
    const samples = await interleave(contenders, rounds, once)
    await tab.call('read', 'removeAll')
    await tab.close()
    const what = size === null ? 'realistic events, compressed' : `× ${size} B`
    const title = `read ${count.toLocaleString('en')} ${what}`
    for (const peer of contenders.slice(1)) {
      const target = peer === 'Dexie' && size !== null ? targets[size] : undefined
      rows.push(fasterThan(title, samples['tabscribe'] ?? [], peer, samples[peer] ?? [], count, target))
    }
  }
  return rows
}
