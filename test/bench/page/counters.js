import { loadComlink } from './comlink.js'
import { openStore } from './package.js'

/** @import { Store } from '../../../src/index.js' */

/** @type {Promise<Store> | undefined} */
let opening

const LIMIT = 1_000_000

/**
 * Main-thread microseconds of one record(), sending it on included: by samples.
 * @param {{ ids: number, samples: number }} run
 */
export async function recordCost({ ids, samples }) {
  const { counters } = await opened()
  const names = Array.from({ length: ids }, (_, n) => `id${n}`)
  const burst = 1000
  const costs = []
  for (let sample = 0; sample < samples; sample++) {
    await counters.query('id0').ever().sum()
    const startedAt = performance.now()
    for (let n = 0; n < burst; n++) counters.record(names[n % ids] ?? '')
    // Behind the microtasks that the work asked for, and those they ask for.
    for (let hop = 0; hop < 4; hop++) await Promise.resolve()
    costs.push(((performance.now() - startedAt) * 1000) / burst)
  }
  return costs
}

/** @param {{ ids: number, samples: number }} run */
export async function queryCost({ ids, samples }) {
  const { counters } = await opened()
  for (let n = 0; n < ids; n++) counters.record(`id${n}`)
  await counters.ids()
  return timed(samples, (n) =>
    counters
      .query(`id${n % ids}`)
      .lastHours(24)
      .sum(),
  )
}

/** @param {{ samples: number }} run */
export async function limitCost({ samples }) {
  const { counters } = await opened()
  const limiter = counters.limit().atMost('limited', LIMIT, 'hour')
  return timed(samples, () => limiter.checkAndRecord('limited'))
}

/**
 * What nobody who asks a worker to write can do without.
 * @param {{ samples: number }} run
 */
export async function bareCost({ samples }) {
  const remote = await (bare ??= startBare())
  return timed(samples, (n) => remote.write(n))
}

/**
 * What nobody can do without who counts in step with a log that others write too.
 * @param {{ samples: number }} run
 */
export async function leastCost({ samples }) {
  const remote = await (bare ??= startBare())
  return timed(samples, (n) => remote.count(n))
}

/** @typedef {{ write(n: number): Promise<void>, count(n: number): Promise<void> }} Bare */

/**
 * Kept: a proxy that is collected closes its port.
 * @type {Promise<Bare> | undefined}
 */
let bare

async function startBare() {
  const { wrap } = await loadComlink()
  const { port } = new SharedWorker('/page/workers/bare-write.js', { type: 'module' })
  /** @type {import('comlink').Remote<Bare>} */
  const remote = wrap(port)
  // Not the proxy itself: what is awaited is asked for its `then`.
  return {
    write: (/** @type {number} */ n) => remote.write(n),
    count: (/** @type {number} */ n) => remote.count(n),
  }
}

/**
 * @param {number} samples
 * @param {(n: number) => Promise<unknown>} work
 */
async function timed(samples, work) {
  const took = []
  for (let n = 0; n < samples; n++) {
    const startedAt = performance.now()
    await work(n)
    took.push(performance.now() - startedAt)
  }
  return took
}

function opened() {
  return (opening ??= openStore('counters'))
}
