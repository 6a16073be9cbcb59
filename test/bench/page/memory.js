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
 * Appends far more than the queue may hold, without awaiting, and adds up what was accepted and is not yet committed.
 * (Asking the writer would commit first, and so always find little.)
 * @param {{ name: string, maxQueueBytes: number, count: number, size: number }} flood
 * @returns {Promise<{ most: number, refused: number }>}
 */
export async function flood({ name, maxQueueBytes, count, size }) {
  const store = await openStore(name, { maxQueueBytes })
  const topic = store.topic('bench')
  const drafts = eventsOf(count, size).map((data) => ({ type: 'bench', data }))
  let waiting = 0
  let refused = 0
  const underWay = inBatches(drafts, 100).map(async (batch) => {
    const bytes = batch.length * size
    const appended = topic.append(batch)
    waiting += bytes
    await appended.catch(() => void refused++)
    waiting -= bytes
  })
  // A refusal takes microtasks to be told of; no commit is done before the task is over.
  for (let hop = 0; hop < 10; hop++) await Promise.resolve()
  const most = waiting
  await Promise.all(underWay)
  await store.close()
  return { most, refused }
}
