import { eventsOf } from './events.js'
import { inBatches } from './in-flight.js'
import { openStore } from './package.js'
import { opened } from './store.js'

/** Reads a topic by pages and holds none. @param {string} name */
export async function streamAll(name) {
  let events = 0
  for await (const _event of (await opened(name)).topic('bench').stream()) events++
  return events
}

/**
 * Appends far more than the queue may hold, without awaiting, and watches the queue.
 * @param {{ name: string, maxQueueBytes: number, count: number, size: number }} flood
 * @returns {Promise<{ most: number, refused: number }>}
 */
export async function flood({ name, maxQueueBytes, count, size }) {
  const store = await openStore(name, { maxQueueBytes })
  const topic = store.topic('bench')
  const drafts = eventsOf(count, size).map((data) => ({ type: 'bench', data }))
  let refused = 0
  /** @type {Promise<unknown>[]} */
  const underWay = []
  /** @type {Promise<number>[]} */
  const watched = []
  for (const batch of inBatches(drafts, 100)) {
    underWay.push(topic.append(batch).catch(() => void refused++))
    watched.push(store.metrics().then(({ queuedBytes }) => queuedBytes))
    if (watched.length % 50 === 0) await Promise.resolve()
  }
  await Promise.all(underWay)
  const most = Math.max(...(await Promise.all(watched)))
  await store.close()
  return { most, refused }
}
