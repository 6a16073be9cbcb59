/** The tables that the benchmark of an Elixir event store prints, and what a Rust counter store says of itself. */
import { diskLog, tinyCounter } from '../elsewhere.js'
import { figureOf } from '../row.js'

/** @import { Ground } from '../ground.js' */
/** @import { Options } from '../options.js' */
/** @import { Cell, Table } from '../row.js' */

export const name = 'disk-log'

const COUNT = 10_000
const TIMEOUTS_MS = [50, 100, 500, 1000]
const MB = 1e6

/** @typedef {{ batch: number, forced: number, read: number, restart: number }} Sample */

/**
 * @param {Ground} ground
 * @param {Options} options
 * @returns {Promise<Table[]>}
 */
export async function run(ground, options) {
  const tab = await ground.openTab()
  const measured = (/** @type {string} */ question, /** @type {object} */ work) =>
    repeat(options.rounds, async () => {
      await tab.collectGarbage()
      return tab.call('disk-log', question, work)
    })
  const events = COUNT.toLocaleString('en')
  /** @type {Cell[][]} */
  const bySize = []
  for (const size of options.sizes) {
    const samples = /** @type {Sample[]} */ (await measured('measure', { count: COUNT, size }))
    const of = (/** @type {keyof Sample} */ step) => samples.map((sample) => sample[step])
    bySize.push([
      `${size.toLocaleString('en')} B`,
      ...['batch', 'forced', 'read'].flatMap((step) => speeds(of(/** @type {keyof Sample} */ (step)), size)),
      figureOf(of('restart'), 'ms'),
    ])
  }
  /** @type {Cell[][]} */
  const byTimeout = []
  for (const batchTimeoutMs of TIMEOUTS_MS) {
    const work = { count: COUNT, size: 128, batchTimeoutMs }
    const samples = /** @type {{ all: number, alone: number }[]} */ (await measured('byTimeout', work))
    const [speed = '–'] = speeds(
      samples.map(({ all }) => all),
      128,
    )
    byTimeout.push([
      `${batchTimeoutMs} ms`,
      speed,
      figureOf(
        samples.map(({ alone }) => alone),
        'ms',
      ),
    ])
  }
  /** @type {Cell[][]} */
  const counted = []
  for (const { count, ids, underMs } of tinyCounter.records) {
    const samples = /** @type {number[]} */ (await measured('countUp', { count, ids }))
    const what = `${count.toLocaleString('en')} records over ${ids === 1 ? 'one counter' : `${ids} counters`}`
    counted.push([what, figureOf(samples, 'ms'), `under ${underMs} ms`])
  }
  await tab.remove()

  return [
    {
      title: `${events} events in one topic`,
      about:
        'Batch: append() of 1,000 at a time, until the last is committed. Forced: record() of each, then flush(). ' +
        'Read: all of them. Restart: a fresh worker, until the newest is read.',
      head: ['', 'batch', '', 'forced', '', 'read', '', 'restart'],
      body: [...bySize, [`${diskLog.title}`, diskLog.why]],
    },
    {
      title: `${events} events of 128 B by batchTimeoutMs`,
      about: 'Recorded one by one, nothing awaited, until a subscriber has the last. Alone: one event, nothing else.',
      head: ['batchTimeoutMs', 'events per second', 'alone'],
      body: [...byTimeout, [diskLog.title, 'no figures are published']],
    },
    {
      title: 'Counters',
      about: 'Until they are committed. The limits are those that its own tests hold it to.',
      head: ['', 'tabscribe', tinyCounter.title],
      body: counted,
    },
  ]
}

/**
 * @param {number[]} samples in ms
 * @param {number} size
 * @returns {Cell[]}
 */
function speeds(samples, size) {
  const perSecond = samples.map((ms) => (COUNT / ms) * 1000)
  return [
    figureOf(perSecond, '/s'),
    figureOf(
      perSecond.map((speed) => (speed * size) / MB),
      'MB/s',
    ),
  ]
}

/**
 * The first run only warms up.
 * @template T
 * @param {number} rounds
 * @param {() => Promise<T>} measure
 */
async function repeat(rounds, measure) {
  const samples = []
  for (let round = 0; round <= rounds; round++) samples.push(await measure())
  return samples.slice(1)
}
