/** The panel on a store of a million events: how soon it shows them, and what looking around costs the page. */
import { costs } from '../row.js'

/** @import { Ground } from '../ground.js' */
/** @import { Options } from '../options.js' */
/** @import { Row } from '../row.js' */

export const name = 'panel'

const EVENTS = 1_000_000
const LOOK_AROUND_MS = 10_000
const HALF_A_FRAME_MS = 1000 / 120

/**
 * @param {Ground} ground
 * @param {Options} options
 */
export async function run(ground, { rounds }) {
  const tab = await ground.openTab()
  const store = { name: 'panel', count: EVENTS }
  await tab.call('panel', 'fill', store)
  /** @type {Record<'cold' | 'shown' | 'found' | 'frame' | 'work' | 'longest' | 'typing' | 'heap', number[]>} */
  const samples = { cold: [], shown: [], found: [], frame: [], work: [], longest: [], typing: [], heap: [] }
  const searchAllOf = () => /** @type {Promise<number>} */ (tab.call('panel', 'searchAll', store))
  for (let round = 0; round <= Math.min(2, rounds); round++) {
    await tab.collectGarbage()
    /** @type {number} */
    const shown = await tab.call('panel', 'mount')
    if (round === 0) samples.cold.push(shown)
    else samples.shown.push(shown)
    samples.found.push(shown + (await searchAllOf()))
    /** @type {{ frame: number, work: number, longest: number }} */
    const looked = await tab.call('panel', 'lookAround', LOOK_AROUND_MS)
    samples.frame.push(looked.frame)
    samples.work.push(looked.work)
    samples.longest.push(looked.longest)
    samples.typing.push(await tab.call('panel', 'typeFilter'))
    await tab.collectGarbage()
    samples.heap.push(await tab.call('panel', 'heapBytes'))
    await tab.call('panel', 'unmount')
  }
  await tab.remove()
  const at = 'at 1,000,000 events'
  /** @type {Row[]} */
  const rows = [
    costs(`panel: histogram after mount ${at}`, samples.shown, 'ms', 500),
    costs(`panel: the same, no index yet ${at}`, samples.cold, 'ms', 500),
    costs(`panel: all rows found after mount ${at}`, samples.found, 'ms', 3000),
    costs(`panel: p95 frame while looking around ${at}`, samples.frame, 'ms', 20),
    costs(`panel: p95 work per frame ${at}`, samples.work, 'ms', HALF_A_FRAME_MS),
    costs(`panel: longest task ${at}`, samples.longest, 'ms', 50),
    costs(`panel: p95 key in the filter ${at}`, samples.typing, 'ms', 16),
    costs(`panel: heap of the page ${at}`, samples.heap, 'bytes', 64 * 2 ** 20),
  ]
  return rows
}
