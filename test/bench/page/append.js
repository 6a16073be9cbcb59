import { start } from './contenders.js'
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
  const started = await start(contender, nextName(), { events, batch, inFlight, bytes: count * size })
  const startedAt = performance.now()
  await started.write()
  const took = performance.now() - startedAt
  await started.remove()
  return took
}

export function nextName() {
  return `bench-${++runs}`
}
