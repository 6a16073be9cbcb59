import { eventsOf } from './events.js'
import { inBatches } from './in-flight.js'
import { opened } from './store.js'

/** @param {{ name: string, count: number, size: number, batch: number }} store */
export async function fill({ name, count, size, batch }) {
  const topic = (await opened(name)).topic('bench')
  const drafts = eventsOf(count, size).map((data) => ({ type: 'bench', data }))
  // One commit for each batch: nothing gathers.
  for (const own of inBatches(drafts, batch)) await topic.append(own)
}

/** @param {{ name: string, count: number }} store */
export async function readAll({ name, count }) {
  const topic = (await opened(name)).topic('bench')
  const startedAt = performance.now()
  const events = await topic.read()
  const took = performance.now() - startedAt
  if (events.length !== count) throw new Error(`${name} read ${events.length} events.`)
  return took
}
