import { realisticEvents } from './events.js'
import { inBatches, keepInFlight } from './in-flight.js'
import { opened } from './store.js'

/**
 * Fills a store with what an app really records.
 * @param {{ name: string, count: number }} store
 * @returns {Promise<number>} the bytes of all events' JSON
 */
export async function fillRealistic({ name, count }) {
  const topic = (await opened(name)).topic('bench')
  const events = realisticEvents(count)
  const drafts = events.map((data) => ({ type: 'bench', data }))
  await keepInFlight(inBatches(drafts, 1000), 24, (batch) => topic.append(batch))
  return events.reduce((sum, event) => sum + JSON.stringify(event).length, 0)
}
