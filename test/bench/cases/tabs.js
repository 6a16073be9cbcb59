/** 1, 2 and 8 tabs of one origin that write at once, each as many events. */
import { interleave } from '../rounds.js'
import { figureOf, ratioOf } from '../row.js'

/** @import { Ground } from '../ground.js' */
/** @import { Options } from '../options.js' */
/** @import { Cell, Table } from '../row.js' */

export const name = 'tabs'
export const needsPeers = true

const contenders = /** @type {const} */ (['tabscribe', 'raw IndexedDB', 'Dexie'])
const TABS = [1, 2, 8]
const SIZE = 128
const START_IN_MS = 200
const WARM_UP = 1000

/**
 * @param {Ground} ground
 * @param {Options} options
 * @returns {Promise<Table[]>}
 */
export async function run(ground, { rounds, quick }) {
  const count = quick ? 2000 : 5000
  /** @type {Map<number, Record<string, number[]>>} milliseconds until the last tab is done */
  const byTabs = new Map()
  for (const tabs of TABS) {
    byTabs.set(tabs, await interleave(contenders, rounds, (contender) => once(ground, contender, tabs, count)))
  }
  const samplesOf = (/** @type {string} */ contender, /** @type {number} */ tabs) => byTabs.get(tabs)?.[contender] ?? []
  /** @type {(contender: string) => Cell[]} */
  const ratios = (contender) =>
    TABS.map((tabs) => ({ ...ratioOf(samplesOf(contender, tabs), samplesOf('tabscribe', tabs)), unit: '×' }))
  /** @type {(contender: string) => Cell[]} */
  const speeds = (contender) =>
    TABS.map((tabs) =>
      figureOf(
        samplesOf(contender, tabs).map((ms) => ((count * tabs) / ms) * 1000),
        '/s',
      ),
    )
  return [
    {
      title: `Tabs that write at once, ${count.toLocaleString('en')} events of ${SIZE} B each`,
      about: 'Until the last tab is done. The SAH pool of SQLite WASM belongs to one tab at a time.',
      inReadme: true,
      head: ['', ...TABS.map((tabs) => (tabs === 1 ? '1 tab' : `${tabs} tabs`))],
      body: [
        ...contenders.slice(1).map((contender) => [`times as fast as ${contender}`, ...ratios(contender)]),
        ...contenders.map((contender) => [`${contender}, events of all tabs together`, ...speeds(contender)]),
      ],
    },
  ]
}

/**
 * @param {Ground} ground
 * @param {string} contender
 * @param {number} tabs
 * @param {number} count
 */
async function once(ground, contender, tabs, count) {
  const origin = ground.freshOrigin()
  const open = await Promise.all(Array.from({ length: tabs }, () => ground.openTab(origin)))
  const [first] = open
  if (first === undefined) throw new Error('There are no tabs.')
  for (const warm of [true, false]) {
    const work = { contender, name: warm ? 'warm-up' : 'tabs', count: warm ? WARM_UP : count, size: SIZE }
    for (const tab of open) await tab.call('tabs', 'open', work)
    await Promise.all(open.map((tab) => tab.collectGarbage()))
    const startAt = Date.now() + START_IN_MS
    const ends = await Promise.all(open.map((tab) => tab.call('tabs', 'writeFrom', startAt)))
    if (warm) continue
    const found = await first.call('tabs', 'count')
    if (found !== count * tabs) throw new Error(`${contender}: ${found} events of ${tabs} tabs were found.`)
    for (const tab of open.slice(1)) await tab.close()
    await first.remove()
    return Math.max(.../** @type {number[]} */ (ends)) - startAt
  }
  throw new Error('Nothing was measured.')
}
