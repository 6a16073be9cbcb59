/** The panel: how soon it shows a large store, what looking around costs the page, and what being looked at costs the store. */
import { costs, fasterThan, figureOf } from '../row.js'

/** @import { Ground } from '../ground.js' */
/** @import { Options } from '../options.js' */
/** @import { Row } from '../row.js' */
/** @import { Tab } from '../tab.js' */

/** @typedef {Record<'frame' | 'empty' | 'work' | 'longest', number[]>} Looks */

export const name = 'panel'

const LOOK_AROUND_MS = 10_000
const EMPTY_PAGE_MS = 3000
const TAILED_EVENTS = 100_000

/**
 * @param {Ground} ground
 * @param {Options} options
 * @returns {Promise<Row[]>}
 */
export async function run(ground, { rounds, many }) {
  return [
    ...(await ofMany(ground, Math.min(3, rounds), many)),
    ...(await ofLive(ground)),
    ...(await tailed(ground, rounds)),
  ]
}

/**
 * @param {Ground} ground
 * @param {number} rounds
 * @param {number} count
 */
async function ofMany(ground, rounds, count) {
  const origin = ground.freshOrigin('isolated')
  /** @type {Looks & Record<'written' | 'shown' | 'counted' | 'found' | 'hits' | 'typing' | 'memory', number[]>} */
  const samples = { ...looks(), written: [], shown: [], counted: [], found: [], hits: [], typing: [], memory: [] }
  let tab = await opened(ground, origin)
  await tab.call('panel', 'fill', { count, topics: 12 })
  samples.written.push(await tab.call('panel', 'mount'))
  await tab.call('panel', 'unmount')
  await tab.call('panel', 'compact')
  for (let round = 0; round < rounds; round++) {
    // With the last tab that asked, the writer forgets what it counted.
    await tab.close()
    tab = await opened(ground, origin)
    samples.empty.push(await tab.call('panel', 'framesOf', EMPTY_PAGE_MS))
    await tab.collectGarbage()
    /** @type {number} */
    const shown = await tab.call('panel', 'mount')
    samples.shown.push(shown)
    const since = async (/** @type {string} */ what, /** @type {unknown} */ of) =>
      shown + (await tab.call('panel', what, of))
    samples.found.push(await since('searchAll', { count }))
    samples.counted.push(await since('countAll', null))
    await lookAround(tab, samples)
    samples.hits.push(await tab.call('panel', 'firstHits'))
    samples.typing.push(await tab.call('panel', 'typeFilter'))
    await tab.collectGarbage()
    samples.memory.push(await tab.call('panel', 'memoryBytes'))
  }
  await tab.remove()
  const at = `at ${count.toLocaleString('en')} events`
  return [
    costs(`panel: histogram after mount ${at}`, samples.shown, 'ms', 500),
    costs(`panel: the same, just written ${at}`, samples.written, 'ms', 500),
    costs(`panel: all rows found after mount ${at}`, samples.found, 'ms', 500),
    costs(`panel: all events counted after mount ${at}`, samples.counted, 'ms', 10_000),
    costs(`panel: first hits of a text ${at}`, samples.hits, 'ms', 300),
    ...lookingAround(samples, at),
    costs(`panel: p95 key in the filter ${at}`, samples.typing, 'ms', 16),
    costs(`panel: memory of the page ${at}`, samples.memory, 'bytes', 200e6),
  ]
}

/** @param {Ground} ground */
async function ofLive(ground) {
  const origin = ground.freshOrigin('isolated')
  const samples = looks()
  const tab = await opened(ground, origin)
  await tab.call('panel', 'fill', { count: 100_000, topics: 20 })
  samples.empty.push(await tab.call('panel', 'framesOf', EMPTY_PAGE_MS))
  await tab.call('panel', 'mount')
  await tab.call('panel', 'arrive', { perSecond: 2_000, topics: 20 })
  await lookAround(tab, samples)
  await tab.remove()
  return lookingAround(samples, 'at 100,000 events and 2,000 more each second')
}

/**
 * @param {Ground} ground
 * @param {number} rounds
 */
async function tailed(ground, rounds) {
  const tab = await opened(ground, ground.freshOrigin('isolated'))
  /** @type {Record<'alone' | 'tailed', number[]>} */
  const samples = { alone: [], tailed: [] }
  await tab.call('panel', 'append', TAILED_EVENTS)
  for (let round = 0; round < rounds; round++) {
    samples.alone.push(await tab.call('panel', 'append', TAILED_EVENTS))
    await tab.call('panel', 'mount')
    await tab.call('panel', 'countAll')
    samples.tailed.push(await tab.call('panel', 'append', TAILED_EVENTS))
    // What the panel put off must not fall to who appends next.
    await tab.call('panel', 'countAll')
    await tab.call('panel', 'unmount')
  }
  await tab.remove()
  const title = 'append() while the panel follows'
  return [fasterThan(title, samples.tailed, 'without a panel', samples.alone, TAILED_EVENTS, { atLeast: 0.9 })]
}

/**
 * @param {Tab} tab
 * @param {Looks} samples
 */
async function lookAround(tab, samples) {
  samples.frame.push(await tab.call('panel', 'lookAround', LOOK_AROUND_MS))
  // Tracing costs frames: those are counted without it.
  const { frames, longest } = await tab.traced(() => tab.call('panel', 'lookAround', LOOK_AROUND_MS))
  samples.work.push(frames.sort((a, b) => a - b)[Math.floor(frames.length * 0.95)] ?? NaN)
  samples.longest.push(longest)
}

/**
 * @param {Looks} samples
 * @param {string} at
 */
function lookingAround({ frame, empty, work, longest }, at) {
  return [
    {
      ...costs(`panel: p95 frame while looking around ${at}`, frame, 'ms', 17.5),
      peer: 'an empty page',
      peerFigure: figureOf(empty, 'ms'),
    },
    costs(`panel: p95 work per frame ${at}`, work, 'ms', 8),
    costs(`panel: longest task ${at}`, longest, 'ms', 50),
  ]
}

/**
 * @param {Ground} ground
 * @param {string} origin
 */
async function opened(ground, origin) {
  const tab = await ground.openTab(origin)
  await tab.call('panel', 'open', 'panel')
  return tab
}

/** @returns {Looks} */
const looks = () => ({ frame: [], empty: [], work: [], longest: [] })
