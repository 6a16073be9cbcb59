/** One of several tabs that write at once. */
import { start } from './contenders.js'
import { eventsOf } from './events.js'

/** @import { Contender } from './contenders.js' */

/** @type {Contender | undefined} */
let current

/** @param {{ contender: string, name: string, count: number, size: number }} run */
export async function open({ contender, name, count, size }) {
  current = await start(contender, name, {
    events: eventsOf(count, size),
    batch: 1000,
    inFlight: 24,
    bytes: count * size,
  })
}

/**
 * Writes from a moment on that all tabs agree upon, and tells when it was done.
 * @param {number} startAt in epoch milliseconds
 */
export async function writeFrom(startAt) {
  await new Promise((resolve) => setTimeout(resolve, startAt - epochMs()))
  await current?.write()
  return epochMs()
}

export async function count() {
  return (await current?.readAll?.())?.length
}

function epochMs() {
  return performance.timeOrigin + performance.now()
}
