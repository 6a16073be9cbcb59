/** The same questions to stores of very different sizes. */
import { eventsOf } from './events.js'
import { inBatches, keepInFlight } from './in-flight.js'
import { defineProjection } from './package.js'
import { opened } from './store.js'

/** @import { Projection } from '../../../src/index.js' */

/** Events are made a part at a time: a million of them would not be a small thing to hold. */
const PART = 100_000

/** @type {Projection<{ events: number, last: number }>} */
const tally = defineProjection({
  name: 'tally',
  version: 1,
  initial: () => ({ events: 0, last: -1 }),
  reduce: ({ events }, { data }) => ({ events: events + 1, last: /** @type {{ n: number }} */ (data).n }),
})

/**
 * Milliseconds until all are committed, without those in which events are made.
 * @param {{ name: string, count: number, size: number }} store
 */
export async function append({ name, count, size }) {
  const topic = (await opened(name)).topic('bench')
  await topic.append({ type: 'opening', data: { n: -1 } })
  let took = 0
  for (let from = 0; from < count; from += PART) {
    const drafts = eventsOf(Math.min(PART, count - from), size).map((data) => ({ type: 'bench', data }))
    const startedAt = performance.now()
    await keepInFlight(inBatches(drafts, 1000), 24, (batch) => topic.append(batch))
    took += performance.now() - startedAt
  }
  return took
}

/** @param {{ name: string, count: number }} store */
export async function streamAll({ name, count }) {
  const topic = (await opened(name)).topic('bench')
  let events = 0
  const startedAt = performance.now()
  for await (const _event of topic.stream()) events++
  const took = performance.now() - startedAt
  if (events !== count + 1) throw new Error(`${events} events were read.`)
  return took
}

/**
 * The first has to make the index of times.
 * @param {string} name
 */
export async function timeline(name) {
  const store = await opened(name)
  return timed(() => store.timeline({ buckets: 1200 }))
}

/**
 * The first has to fold everything.
 * @param {{ name: string, at?: number }} question
 */
export async function project({ name, at }) {
  const store = await opened(name)
  return timed(() => store.project(tally, at === undefined ? {} : { at }))
}

/** @param {() => Promise<unknown>} work */
async function timed(work) {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}
