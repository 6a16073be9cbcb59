import { contenders } from './contenders.js'
import { eventsOf } from './events.js'

let runs = 0

/**
 * Makes the events, so that the garbage of it can be collected before they are written.
 * @param {{ count: number, size: number }} set
 */
export function prepare({ count, size }) {
  eventsOf(count, size)
}

/**
 * Milliseconds from the first call to the last event's commit.
 * @param {{ contender: string, count: number, size: number, batch: number, inFlight: number }} run
 */
export async function append({ contender, count, size, batch, inFlight }) {
  const events = eventsOf(count, size)
  const started = await start(contender, { events, batch, inFlight, bytes: count * size })
  const startedAt = performance.now()
  await started.write()
  const took = performance.now() - startedAt
  await started.remove()
  return took
}

/**
 * @param {string} contender
 * @param {import('./contenders.js').Work} work
 */
export function start(contender, work) {
  const starter = contenders[contender]
  if (!starter) throw new Error(`Nobody is called ${contender}.`)
  return starter(`bench-${++runs}`, work)
}
