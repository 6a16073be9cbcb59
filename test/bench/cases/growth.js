/** What becomes of everything as a log grows from ten thousand events to a million. */
import { figureOf, spreadOf } from '../row.js'

/** @import { Ground } from '../ground.js' */
/** @import { Options } from '../options.js' */
/** @import { Cell, Table, Unit } from '../row.js' */

export const name = 'growth'

const SIZE = 128
const MOST_ROUNDS = 3
const PLACES = 5

const measures = /** @type {const} */ ([
  { of: 'append', title: 'append, per event', unit: 'µs' },
  { of: 'read', title: 'read all, per event', unit: 'µs' },
  { of: 'open', title: 'open with a fresh worker, to the newest event', unit: 'ms' },
  { of: 'firstTimeline', title: 'timeline, the first, with its index, per event', unit: 'µs' },
  { of: 'timeline', title: 'timeline, each further one', unit: 'ms' },
  { of: 'firstProjection', title: 'state at the head, the first time, per event', unit: 'µs' },
  { of: 'projection', title: 'state at any position', unit: 'ms' },
  { of: 'heap', title: "the worker's heap after appending", unit: 'bytes' },
])

/** @typedef {Record<typeof measures[number]['of'], number>} Sample */

/**
 * @param {Ground} ground
 * @param {Options} options
 * @returns {Promise<Table[]>}
 */
export async function run(ground, { rounds, many }) {
  const counts = [many / 100, many / 10, many]
  /** @type {Map<number, Sample[]>} */
  const samples = new Map(counts.map((count) => [count, []]))
  for (let round = 0; round < Math.min(rounds, MOST_ROUNDS); round++) {
    for (const count of counts) samples.get(count)?.push(await once(ground, count))
  }
  const of = (/** @type {number} */ count, /** @type {keyof Sample} */ measure) =>
    (samples.get(count) ?? []).map((sample) => sample[measure])
  /** @type {(measure: keyof Sample, unit: Unit) => Cell[]} */
  const row = (measure, unit) => {
    const figures = counts.map((count) => figureOf(of(count, measure), unit))
    const [small, large] = [spreadOf(of(many / 100, measure)), spreadOf(of(many, measure))]
    const factor = figureOf([large.median / small.median], '×')
    return [factor, ...figures]
  }
  return [
    {
      title: 'What growing costs',
      about: `Events of ${SIZE} B. The ratio is that of the last column to the first.`,
      rounds: Math.min(rounds, MOST_ROUNDS),
      inReadme: true,
      head: ['', 'ratio', ...counts.map((count) => count.toLocaleString('en'))],
      body: measures.map(({ of: measure, title, unit }) => [title, ...row(measure, unit)]),
    },
  ]
}

let workers = 0

/**
 * @param {Ground} ground
 * @param {number} count
 * @returns {Promise<Sample>}
 */
async function once(ground, count) {
  const tab = await ground.openTab()
  const { origin } = tab
  const store = { name: 'growth', count, size: SIZE }
  const ask = (/** @type {string} */ question, /** @type {unknown} */ argument) =>
    /** @type {Promise<number>} */ (tab.call('growth', question, argument))
  await ask('append', { ...store, name: 'warm-up', count: 10_000 })
  const append = await ask('append', store)
  const heap = await (await ground.workerHeap(origin)).settledBytes()
  await ask('streamAll', { ...store, name: 'warm-up', count: 10_000 })
  const read = await ask('streamAll', store)
  const firstTimeline = await ask('timeline', store.name)
  const timeline = await medianOf(() => ask('timeline', store.name))
  const firstProjection = await ask('project', { name: store.name })
  const projection = await medianOf((n) =>
    ask('project', { name: store.name, at: Math.floor(((n + 1) * 0.618_034 * count) % count) }),
  )
  await tab.close()
  const open = await medianOf(() => openCold(ground, origin))
  const last = await ground.openTab(origin)
  await last.remove()
  const perEvent = 1000 / count
  return {
    append: append * perEvent,
    read: read * perEvent,
    open,
    firstTimeline: firstTimeline * perEvent,
    timeline,
    firstProjection: firstProjection * perEvent,
    projection,
    heap,
  }
}

/**
 * @param {Ground} ground
 * @param {string} origin
 */
async function openCold(ground, origin) {
  const tab = await ground.openTab(origin)
  await tab.call('store', 'load')
  const took = await tab.call('store', 'openCold', { name: 'growth', workerName: `growth-${++workers}` })
  await tab.close()
  return /** @type {number} */ (took)
}

/** @param {(n: number) => Promise<number>} measure */
async function medianOf(measure) {
  const samples = []
  for (let n = 0; n < PLACES; n++) samples.push(await measure(n))
  return spreadOf(samples).median
}
