/** What is left of fifty writes that were not awaited when their tab goes: nothing can be promised, much can be kept. */
import { endings, RECORDED } from '../../kit/survivors.js'
import { figureOf } from '../row.js'
import { within } from '../within.js'

/** @import { Ground } from '../ground.js' */
/** @import { Options } from '../options.js' */
/** @import { Cell, Table } from '../row.js' */

export const name = 'survivors'
export const needsPeers = true

const peers = ['raw IndexedDB', 'idb', 'Dexie', 'RxDB', 'PouchDB', 'SQLite', 'LiveStore', 'TinyBase']
const contenders = ['tabscribe', ...peers]
const MOST_ROUNDS = 3
const ENDING_MS = 30_000

/**
 * @param {Ground} ground
 * @param {Options} options
 * @returns {Promise<Table[]>}
 */
export async function run(ground, { rounds }) {
  /** @type {Cell[][]} */
  const body = []
  for (const contender of contenders) {
    /** @type {Cell[]} */
    const row = [contender]
    for (const ending of Object.keys(endings)) {
      /** @type {number[]} */
      const shares = []
      let trouble = ''
      for (let round = 0; round < Math.min(rounds, MOST_ROUNDS) && trouble === ''; round++) {
        try {
          shares.push((100 * (await within(ENDING_MS, survivorsOf(ground, contender, ending)))) / RECORDED)
        } catch (error) {
          trouble = String(error).split('\n')[0] ?? ''
        }
      }
      row.push(trouble === '' ? figureOf(shares, '%') : `could not be measured: ${trouble}`)
    }
    body.push(row)
  }
  return [
    {
      title: `Of ${RECORDED} writes that nobody awaited, so many are there when the next tab looks`,
      about: 'The only tab of its origin writes one by one and goes.',
      rounds: Math.min(rounds, MOST_ROUNDS),
      inReadme: true,
      head: ['the tab is …', ...Object.keys(endings)],
      body,
    },
  ]
}

/**
 * @param {Ground} ground
 * @param {string} contender
 * @param {string} ending
 * @returns {Promise<number>} how many different ones
 */
async function survivorsOf(ground, contender, ending) {
  const origin = ground.freshOrigin()
  const tab = await ground.openTab(origin)
  await tab.call('survivors', 'open', contender)
  await tab.end(ending)
  const later = await ground.openTab(origin)
  try {
    const found = /** @type {number[]} */ (await later.call('survivors', 'survivors', contender))
    return new Set(found).size
  } finally {
    await later.remove()
  }
}
