/** What the benchmark of an event store for servers does, done here until the events are really there. */
import { eventsOf } from './events.js'
import { inBatches, keepInFlight } from './in-flight.js'
import { deleteStore, openStore } from './package.js'

/** @import { Store } from '../../../src/index.js' */

let runs = 0

/** @typedef {{ count: number, size: number }} Work */

/**
 * All of it, in milliseconds each.
 * @param {Work} work
 */
export async function measure({ count, size }) {
  const name = `disk-log-${++runs}`
  const events = eventsOf(count, size)
  const store = await ready(name)
  const batches = inBatches(
    events.map((data) => ({ type: 'bench', data })),
    1000,
  )
  const batch = await timed(() => keepInFlight(batches, 24, (own) => store.topic('batch').append(own)))
  const forced = await timed(async () => {
    for (const event of events) store.topic('forced').record('bench', event)
    await store.flush()
  })
  const read = await timed(async () => {
    const found = await store.topic('batch').read()
    if (found.length !== count) throw new Error(`${found.length} of ${count} events were read.`)
  })
  if ((await store.topic('forced').count()) !== count) throw new Error('Recorded events are not all there.')
  await store.close()
  const worker = () => new SharedWorker('/dist/worker.js', { type: 'module', name })
  const restart = await timed(async () => {
    const again = await openStore(name, { worker })
    if ((await again.topic('batch').latest())?.position !== count - 1) throw new Error('The newest event is another.')
    await again.close()
  })
  await deleteStore(name)
  return { batch, forced, read, restart }
}

/**
 * Recorded one by one and never asked for: milliseconds until the last is committed, and the same for one alone.
 * @param {Work & { batchTimeoutMs: number }} work
 */
export async function byTimeout({ count, size, batchTimeoutMs }) {
  const name = `timeout-${++runs}`
  const events = eventsOf(count, size)
  const store = await ready(name, batchTimeoutMs)
  const topic = store.topic('bench')
  let committed = 0
  /** @type {() => void} */
  let told = () => {}
  topic.subscribe((own) => {
    committed += own.length
    told()
  })
  const until = (/** @type {number} */ wanted) =>
    new Promise((/** @type {(nothing: void) => void} */ resolve) => {
      told = () => {
        if (committed >= wanted) resolve()
      }
      told()
    })
  const all = await timed(async () => {
    for (const event of events) topic.record('bench', event)
    await until(count)
  })
  const alone = await timed(async () => {
    topic.record('bench', events[0])
    await until(count + 1)
  })
  await store.close()
  await deleteStore(name)
  return { all, alone }
}

/**
 * Milliseconds until so many records of counters are committed.
 * @param {{ count: number, ids: number }} work
 */
export async function countUp({ count, ids }) {
  const name = `counters-${++runs}`
  const store = await ready(name)
  const names = Array.from({ length: ids }, (_, n) => `id${n}`)
  const took = await timed(async () => {
    for (let n = 0; n < count; n++) store.counters.record(names[n % ids] ?? '')
    await store.flush()
  })
  const sum = await store.counters.queryMany(names).ever().sum()
  if (sum !== count) throw new Error(`${sum} of ${count} were counted.`)
  await store.close()
  await deleteStore(name)
  return took
}

/**
 * @param {string} name
 * @param {number} [batchTimeoutMs]
 * @returns {Promise<Store>}
 */
async function ready(name, batchTimeoutMs) {
  const store = await openStore(name, batchTimeoutMs === undefined ? {} : { batchTimeoutMs })
  await store.topic('opening').append({ type: 'opened' })
  return store
}

/** @param {() => Promise<unknown>} work */
async function timed(work) {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}
