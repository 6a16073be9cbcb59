/** Stores of tabscribe alone: filled, opened, asked. */
import { eventsOf } from './events.js'
import { inBatches, keepInFlight } from './in-flight.js'
import { openStore } from './package.js'

/** @import { Store } from '../../../src/index.js' */

/** Events are made a part at a time: a million of them would not be a small thing to hold. */
const PART = 100_000

/** @type {Map<string, Store>} */
const stores = new Map()

/** @param {{ name: string, count: number, size: number }} store */
export async function fill({ name, count, size }) {
  const topic = (await opened(name)).topic('bench')
  for (let from = 0; from < count; from += PART) {
    const drafts = eventsOf(Math.min(PART, count - from), size).map((data) => ({ type: 'bench', data }))
    await keepInFlight(inBatches(drafts, 1000), 24, (batch) => topic.append(batch))
  }
}

/**
 * Median milliseconds of one call, over `times` of them.
 * @param {{ name: string, ask: 'latest' | 'last100', times: number }} question
 */
export async function askNewest({ name, ask, times }) {
  const topic = (await opened(name)).topic('bench')
  const once = ask === 'latest' ? () => topic.latest() : () => topic.last(100)
  const samples = []
  for (let time = 0; time < times; time++) {
    const startedAt = performance.now()
    await once()
    samples.push(performance.now() - startedAt)
  }
  return samples.sort((a, b) => a - b)[times >> 1] ?? NaN
}

/** The script of the page is loaded by calling anything. */
export function load() {}

/**
 * Milliseconds from openStore(), with a worker that does not run yet, to the first answer.
 * @param {{ name: string, workerName: string }} store
 */
export async function openCold({ name, workerName }) {
  const worker = () => new SharedWorker('/dist/worker.js', { type: 'module', name: workerName })
  const startedAt = performance.now()
  const store = await openStore(name, { worker })
  const latest = await store.topic('bench').latest()
  const took = performance.now() - startedAt
  if (latest === null) throw new Error('The store is empty.')
  await store.close()
  return took
}

/**
 * Resolves when the store has nothing left to do in the background.
 * @param {string} name
 */
export async function settled(name) {
  const store = await opened(name)
  for (let before = -1, same = 0; same < 5;) {
    await new Promise((resolve) => setTimeout(resolve, 500))
    const { bytes } = await store.metrics()
    same = bytes === before ? same + 1 : 0
    before = bytes
  }
}

/** @param {string} name */
export async function metrics(name) {
  return (await opened(name)).metrics()
}

/**
 * Null when this build has no compaction yet.
 * @param {string} name
 */
export async function compact(name) {
  const store = await opened(name)
  if (!('compact' in store) || typeof store.compact !== 'function') return null
  await store.compact()
  return store.metrics()
}

/** @param {string} name */
export async function opened(name) {
  const store = stores.get(name) ?? (await openStore(name))
  stores.set(name, store)
  return store
}
