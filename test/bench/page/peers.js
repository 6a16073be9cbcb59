/** One contender's work, step by step, so that what is between the steps can be measured from outside of the page. */
import { nextName } from './append.js'
import { start } from './contenders.js'
import { eventsOf } from './events.js'

/** @import { Contender } from './contenders.js' */

/** @type {Contender | undefined} */
let current

/** @param {{ contender: string, count: number, size: number, batch: number, inFlight: number }} run */
export async function open({ contender, count, size, batch, inFlight }) {
  const work = { events: eventsOf(count, size), batch, inFlight, bytes: count * size }
  current = await start(contender, nextName(), work)
}

/** Milliseconds until the last event is committed. */
export async function write() {
  const startedAt = performance.now()
  await opened().write()
  return performance.now() - startedAt
}

/**
 * Milliseconds until every event is there as an object, in order; null of those who only take bytes.
 * @param {number} count
 */
export async function readAll(count) {
  const { readAll } = opened()
  if (readAll === undefined) return null
  const startedAt = performance.now()
  const events = await readAll()
  const took = performance.now() - startedAt
  if (events.length !== count) throw new Error(`${events.length} of ${count} events were read.`)
  const wrong = events.findIndex(({ n }, at) => n !== at)
  if (wrong >= 0) throw new Error(`The event at ${wrong} is another.`)
  return took
}

export async function remove() {
  await opened().remove()
}

function opened() {
  if (current === undefined) throw new Error('Nobody is open.')
  return current
}
