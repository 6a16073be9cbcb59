import { openStore } from './package.js'

/** @import { Store, StoreOptions } from '../../../src/index.js' */

/** @type {Map<boolean, Store>} */
const stores = new Map()

/**
 * Main-thread microseconds of one record(), what it captures and the microtask that sends it included: by samples.
 * @param {{ journal: boolean, burst: number, samples: number }} run
 */
export async function recordCost({ journal, burst, samples }) {
  const store = await storeWith(journal)
  const topic = store.topic('bench')
  return costOf(
    samples,
    burst,
    (n) => topic.record('item-added', { sku: 'A-1024', n }),
    () => store.flush(),
  )
}

/**
 * Task by task, as handlers of events record: four tasks every few milliseconds. Without a journal to record into it
 * records nothing, and does the rest.
 * @param {{ journal: boolean | null, events: number }} run
 */
export async function recordSteadily({ journal, events }) {
  const topic = journal === null ? null : (await storeWith(journal)).topic('bench')
  for (let n = 0; n < events; n++) {
    if (n % 4 === 0) await new Promise((resolve) => setTimeout(resolve, 4))
    await nextTask()
    topic?.record('item-added', { sku: 'A-1024', n })
  }
  if (journal !== null) await (await storeWith(journal)).flush()
}

/** @param {boolean} journal */
async function storeWith(journal) {
  const store = stores.get(journal) ?? (await openStore(`record-${journal}`, journal ? {} : withoutJournal()))
  stores.set(journal, store)
  return store
}

/** @type {SharedWorker | undefined} */
let deaf

/**
 * What nobody who tells a worker of an event can do without: one message to one that does nothing.
 * @param {{ samples: number }} run
 */
export function messageCost({ samples }) {
  deaf ??= new SharedWorker('/page/workers/deaf.js', { type: 'module' })
  const { port } = deaf
  return costOf(samples, 1, (n) => queueMicrotask(() => port.postMessage({ sku: 'A-1024', n })), nextTask)
}

/**
 * @param {number} samples
 * @param {number} burst
 * @param {(n: number) => void} work
 * @param {() => Promise<void>} settle
 */
export async function costOf(samples, burst, work, settle) {
  const costs = []
  for (let sample = 0; sample < samples; sample++) {
    // What the one before left to do is not to be paid by this one.
    await settle()
    await nextTask()
    const startedAt = performance.now()
    for (let n = 0; n < burst; n++) work(n)
    // Behind the microtasks that the work asked for, and those they ask for.
    for (let hop = 0; hop < 4; hop++) await Promise.resolve()
    costs.push(((performance.now() - startedAt) * 1000) / burst)
  }
  return costs
}

/** Not every build knows the option: it is passed as apps would pass it. */
function withoutJournal() {
  return /** @type {StoreOptions} */ ({ ...{ journal: false } })
}

/** @returns {Promise<void>} */
function nextTask() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}
