/** State at any sequence, what changed it, and histograms, over a log of twelve topics. */
import { inBatches, keepInFlight } from './in-flight.js'
import { defineProjection, openStore } from './package.js'
import { opened } from './store.js'

/** @import { Projection } from '../../../src/index.js' */

const TOPICS = 12
const BATCH = 1000
const PART = 100_000

/** @typedef {{ paid: number, events: number, totals: Record<string, number> }} Shop */

/** @type {Projection<Shop>} */
const shop = defineProjection({
  name: 'shop',
  version: 1,
  initial: () => ({ paid: 0, events: 0, totals: /** @type {Record<string, number>} */ ({}) }),
  reduce(state, { topic, type, data }) {
    const { amount } = /** @type {{ amount: number }} */ (data)
    const totals = { ...state.totals, [topic]: (state.totals[topic] ?? 0) + amount }
    return { paid: type === 'paid' ? state.paid + amount : state.paid, events: state.events + 1, totals }
  },
})

/** @param {{ name: string, count: number }} store */
export async function fill({ name, count }) {
  const store = await opened(name)
  for (let from = 0; from < count; from += PART) {
    const numbers = Array.from({ length: Math.min(PART, count - from) }, (_, n) => from + n)
    await keepInFlight(inBatches(numbers, BATCH), 24, (batch) => {
      const topic = store.topic(`topic ${((batch[0] ?? 0) / BATCH) % TOPICS}`)
      return topic.append(batch.map(draftOf))
    })
  }
  await store.compact()
}

/** Times are those of a busy hour, now and then out of order. @param {number} n */
function draftOf(n) {
  return {
    type: n % 1000 === 999 ? 'paid' : 'added',
    data: { cart: (n * 7919) % 1000, amount: (n % 50) + 1, currency: 'EUR' },
    time: 1_700_000_000_000 + n * 3.6 - (n % 97 === 0 ? 50 : 0),
  }
}

/** @param {number} ms */
export async function idle(ms) {
  return heldUp(() => new Promise((resolve) => setTimeout(resolve, ms)))
}

/** The longest the page was held up in one go meanwhile. @param {() => Promise<unknown>} work */
async function heldUp(work) {
  let longest = 0
  let done = false
  const { port1, port2 } = new MessageChannel()
  let last = performance.now()
  port1.onmessage = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    if (!done) port2.postMessage(null)
  }
  port2.postMessage(null)
  const startedAt = performance.now()
  await work()
  const took = performance.now() - startedAt
  done = true
  port1.close()
  return { took, longest }
}

/** @param {string} name */
export async function projectFirst(name) {
  const store = await opened(name)
  return heldUp(async () => {
    const { replayed } = await store.project(shop)
    if (replayed < 100_000) throw new Error('It was folded before.')
  })
}

/**
 * Milliseconds of each.
 * @param {{ name: string, places: number[] }} question
 */
export async function projectAt({ name, places }) {
  const store = await opened(name)
  const samples = []
  for (const at of places) {
    const startedAt = performance.now()
    const { sequence } = await store.project(shop, { at })
    samples.push(performance.now() - startedAt)
    if (sequence !== at) throw new Error(`The state is of ${sequence}.`)
  }
  return samples
}

/**
 * With a worker that does not run yet.
 * @param {{ name: string, workerName: string, at: number }} question
 */
export async function projectReopened({ name, workerName, at }) {
  const worker = () => new SharedWorker('/dist/worker.js', { type: 'module', name: workerName })
  const store = await openStore(name, { worker })
  const startedAt = performance.now()
  await store.project(shop, { at })
  const took = performance.now() - startedAt
  await store.close()
  return took
}

/**
 * Until the newest event that changed a value is known.
 * @param {{ name: string, path: (string | number)[] }} question
 */
export async function firstHit({ name, path }) {
  const store = await opened(name)
  const startedAt = performance.now()
  for await (const { event } of store.history(shop, path)) {
    if (event.sequence >= 0) return performance.now() - startedAt
  }
  throw new Error('Nothing changed it.')
}

/** The first one makes the index. @param {{ name: string, buckets: number, count: number }} question */
export async function timeline({ name, buckets, count }) {
  const store = await opened(name)
  const startedAt = performance.now()
  const { lanes } = await store.timeline({ buckets })
  const took = performance.now() - startedAt
  const total = lanes.reduce((sum, lane) => sum + lane.total, 0)
  if (total !== count || lanes.length !== TOPICS) throw new Error(`${total} events in ${lanes.length} lanes.`)
  return took
}

/**
 * How long the slowest append takes while a worker that has just started makes the index, and while it does not.
 * @param {{ name: string, workerName: string, buckets: number }} question
 */
export async function appendMeanwhile({ name, workerName, buckets }) {
  const worker = () => new SharedWorker('/dist/worker.js', { type: 'module', name: workerName })
  const store = await openStore(name, { worker })
  await store.topic('topic 0').latest()
  /** @param {Promise<unknown>} work */
  const slowestDuring = async (work) => {
    let slowest = 0
    let done = false
    const worked = work.finally(() => (done = true))
    while (!done) {
      const startedAt = performance.now()
      await store.topic('topic 0').append(draftOf(0))
      slowest = Math.max(slowest, performance.now() - startedAt)
    }
    await worked
    return slowest
  }
  const startedAt = performance.now()
  const building = await slowestDuring(store.timeline({ buckets }))
  const took = performance.now() - startedAt
  const idle = await slowestDuring(new Promise((resolve) => setTimeout(resolve, took)))
  await store.close()
  return { building, idle }
}
