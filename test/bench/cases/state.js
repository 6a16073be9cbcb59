/** State at any of a million events, what changed it, and histograms of them: each within a time that nobody waits. */
import { costs, figureOf } from '../row.js'

/** @import { Ground } from '../ground.js' */
/** @import { Options } from '../options.js' */
/** @import { Row } from '../row.js' */

export const name = 'state'

const store = 'state'
const BUCKETS = 1200

/** A frame: as long as nothing else in the page may be held up. */
const FRAME_MS = 16

/**
 * @param {Ground} ground
 * @param {Options} options
 * @returns {Promise<Row[]>}
 */
export async function run(ground, { rounds, many }) {
  const tab = await ground.openTab()
  const { origin } = tab
  await tab.call('state', 'fill', { name: store, count: many })
  const first = /** @type {{ took: number, longest: number }} */ (await tab.call('state', 'projectFirst', store))
  const idle = /** @type {{ longest: number }} */ (await tab.call('state', 'idle', first.took))
  const places = Array.from({ length: 10 * rounds }, (_, n) => Math.floor(((n * 0.618_034) % 1) * many))
  const at = /** @type {number[]} */ (await tab.call('state', 'projectAt', { name: store, places }))
  const hits = await repeat(rounds, () => tab.call('state', 'firstHit', { name: store, path: ['paid'] }))
  const everyEvent = await repeat(rounds, () => tab.call('state', 'firstHit', { name: store, path: [] }))
  const question = { name: store, buckets: BUCKETS, count: many }
  const index = /** @type {number} */ (await tab.call('state', 'timeline', question))
  const timelines = await repeat(10 * rounds, () => tab.call('state', 'timeline', question))
  await tab.close()

  let workers = 0
  const reopened = await repeat(rounds, async () => {
    const fresh = await ground.openTab(origin)
    await fresh.call('store', 'load')
    const ask = { name: store, workerName: `state-${++workers}`, at: places[workers] }
    const took = await fresh.call('state', 'projectReopened', ask)
    await fresh.close()
    return took
  })
  /** @type {{ building: number, idle: number }[]} */
  const appends = []
  for (let round = 0; round < rounds; round++) {
    const fresh = await ground.openTab(origin)
    const ask = { name: store, workerName: `append-${++workers}`, buckets: BUCKETS }
    const slowest = await fresh.call('state', 'appendMeanwhile', ask)
    await fresh.close()
    appends.push(/** @type {{ building: number, idle: number }} */ (slowest))
  }

  const events = many.toLocaleString('en')
  return [
    { case: `project ${events} events, the first time`, tabscribe: figureOf([first.took], 'ms', many) },
    {
      ...costs('the page held up in one go meanwhile', [first.longest], 'ms', FRAME_MS),
      peer: 'nothing done',
      peerFigure: figureOf([idle.longest], 'ms'),
    },
    costs(`project at any of ${events}, at the slowest`, [Math.max(...at)], 'ms', 200),
    costs(`project at any of ${events}`, at, 'ms', 200),
    costs('… in a fresh tab with a fresh worker', reopened, 'ms', 200),
    costs(`history over ${events}: the newest change, of a value that 1 in 1,000 changes`, hits, 'ms', 300),
    costs('… of a value that every event changes', everyEvent, 'ms', 300),
    {
      case: `timeline, 12 lanes × 1,200 buckets of ${events}: the first, with its index`,
      tabscribe: figureOf([index], 'ms'),
    },
    costs('… each further one', timelines, 'ms', 5),
    {
      case: 'the slowest append while the index is made',
      tabscribe: figureOf(
        appends.map(({ building }) => building),
        'ms',
      ),
      peer: 'while it is not',
      peerFigure: figureOf(
        appends.map((own) => own.idle),
        'ms',
      ),
    },
  ]
}

/**
 * @param {number} times
 * @param {() => Promise<unknown>} measure
 * @returns {Promise<number[]>}
 */
async function repeat(times, measure) {
  const samples = []
  for (let time = 0; time < times; time++) samples.push(/** @type {number} */ (await measure()))
  return samples
}
