/** Everybody on the same work: 10,000 events in batches of 1,000, written, read back and counted; and the limits. */
import { interleave } from '../rounds.js'
import { figureOf, ratioOf } from '../row.js'
import { within } from '../within.js'

/** @import { Ground } from '../ground.js' */
/** @import { Options } from '../options.js' */
/** @import { Cell, Table } from '../row.js' */
/** @import { Tab } from '../tab.js' */

export const name = 'peers'
export const needsPeers = true

const peers = ['raw IndexedDB', 'idb', 'Dexie', 'RxDB', 'PouchDB', 'SQLite', 'LiveStore', 'TinyBase']
const limits = ['one put', 'OPFS handle']
const contenders = ['tabscribe', ...peers, ...limits]

/** One round of them is enough to wait for, and the slowest gets a tenth of the events: the rest is the others' time. */
const slow = ['RxDB', 'PouchDB', 'LiveStore']
const slowest = 'LiveStore'
const ROUNDS_OF_THE_SLOW = 1

const titles = new Map([
  ['RxDB', 'RxDB, Dexie storage'],
  ['SQLite', 'SQLite WASM, opfs-sahpool'],
  ['TinyBase', 'TinyBase, IndexedDB persister'],
  ['one put', 'limit: all bytes in one put'],
  ['OPFS handle', 'limit: all bytes by an OPFS sync handle'],
])

const batch = 1000
const inFlight = 24
const WARM_UP_MS = 1000
/** Whoever takes longer does not work here. */
const CONTENDER_MS = 60_000

/** @typedef {{ contender: string, count: number, size: number, batch: number, inFlight: number }} Work */
/** @typedef {{ append: number, read: number, mainThread: number }} Sample microseconds per event; NaN: there are no events to read */

/**
 * @param {Ground} ground
 * @param {Options} options
 * @returns {Promise<Table[]>}
 */
export async function run(ground, { rounds, sizes, quick }) {
  const count = quick ? 2000 : 10_000
  const countOf = (/** @type {string} */ contender) => (contender === slowest ? count / 10 : count)
  /** @type {Map<string, string>} */
  const troubles = new Map()
  /** @type {Map<number, Record<string, (Sample | null)[]>>} */
  const bySize = new Map()
  for (const size of sizes) {
    const samples = await interleave(contenders, rounds, async (contender, round) => {
      if (troubles.has(contender) || (slow.includes(contender) && round >= ROUNDS_OF_THE_SLOW)) return null
      try {
        return await once(ground, { contender, count: countOf(contender), size, batch, inFlight })
      } catch (trouble) {
        troubles.set(contender, String(trouble).split('\n')[0] ?? '')
        return null
      }
    })
    bySize.set(size, samples)
  }

  /** @type {(contender: string, size: number, of: keyof Sample) => number[]} */
  const samplesOf = (contender, size, of) =>
    (bySize.get(size)?.[contender] ?? []).flatMap((sample) => (sample === null ? [] : [sample[of]]))
  /** @type {(contender: string, of: 'append' | 'read') => Cell[]} */
  const ratios = (contender, of) =>
    sizes.map((size) => {
      const ratio = ratioOf(samplesOf(contender, size, of), samplesOf('tabscribe', size, of))
      return Number.isNaN(ratio.median) ? '–' : { ...ratio, unit: /** @type {const} */ ('×') }
    })
  /** @type {(contender: string, of: 'append' | 'read') => Cell[]} */
  const speeds = (contender, of) =>
    sizes.map((size) => {
      const figure = figureOf(
        samplesOf(contender, size, of).map((micros) => 1e6 / micros),
        '/s',
      )
      return Number.isNaN(figure.median) ? '–' : figure
    })
  const mainThread = (/** @type {string} */ contender) =>
    figureOf(samplesOf(contender, sizes[0] ?? 0, 'mainThread'), 'µs')

  const events = count.toLocaleString('en')
  const columns = ['append', 'read'].flatMap((of) => sizes.map((size) => `${of} ${size.toLocaleString('en')} B`))
  const titled = (/** @type {string} */ contender) => titles.get(contender) ?? contender
  const others = contenders.slice(1)
  return [
    {
      title: `How many times faster than its peers, ${events} events in batches of ${batch.toLocaleString('en')}`,
      about:
        'From the first call until the last is committed (`complete`, or the promise of it); then all read back and ' +
        'counted. LiveStore gets a tenth of the events, is done when its leader has confirmed them, and reads its copy ' +
        'in memory. TinyBase saves once, after the last batch: a save writes the whole table. ' +
        `Of RxDB, PouchDB and LiveStore one round. –: takes bytes only.`,
      inReadme: true,
      head: ['tabscribe is … as fast as', ...columns],
      body: others.map((contender) => {
        const trouble = troubles.get(contender)
        if (trouble !== undefined) return [titled(contender), `could not be run here: ${trouble}`]
        return [titled(contender), ...ratios(contender, 'append'), ...ratios(contender, 'read')]
      }),
    },
    {
      title: `The same in events per second, and the main thread's work for each`,
      about: `Main thread: what the page's own thread worked while ${events} events of ${sizes[0]} B were written.`,
      head: ['', ...columns, 'main thread per event'],
      body: contenders
        .filter((contender) => !troubles.has(contender))
        .map((contender) => [
          titled(contender),
          ...speeds(contender, 'append'),
          ...speeds(contender, 'read'),
          mainThread(contender),
        ]),
    },
  ]
}

/**
 * Storage of its own for every run. Whoever has not ended in time goes with its tab, and is in nobody's way.
 * @param {Ground} ground
 * @param {Work} work
 * @returns {Promise<Sample>}
 */
async function once(ground, work) {
  const tab = await ground.openTab()
  try {
    return await within(CONTENDER_MS, measure(tab, work))
  } finally {
    await tab.remove()
  }
}

/**
 * After a first run to compile the code and start the workers: two of the fast ones.
 * @param {Tab} tab
 * @param {Work} work
 * @returns {Promise<Sample>}
 */
async function measure(tab, work) {
  const warmedUpAt = performance.now()
  for (let run = 0; run < 2 && performance.now() - warmedUpAt < WARM_UP_MS; run++) {
    await tab.call('peers', 'open', work)
    await tab.call('peers', 'write')
    await tab.call('peers', 'readAll', work.count)
    await tab.call('peers', 'remove')
  }
  await tab.call('peers', 'open', work)
  await tab.collectGarbage()
  const before = await tab.mainThreadMs()
  const append = /** @type {number} */ (await tab.call('peers', 'write'))
  const mainThread = (await tab.mainThreadMs()) - before
  await tab.collectGarbage()
  const read = /** @type {number | null} */ (await tab.call('peers', 'readAll', work.count))
  const perEvent = 1000 / work.count
  return { append: append * perEvent, read: (read ?? NaN) * perEvent, mainThread: mainThread * perEvent }
}
