import { nextName } from './append.js'
import { start } from './contenders.js'
import { eventsOf, realisticEvents } from './events.js'

/** @import { Contender } from './contenders.js' */

/** @type {Map<string, Contender>} */
const filled = new Map()

/**
 * With events of this many bytes; null: with such as apps record, all of them cold by now.
 * @param {{ contender: string, count: number, size: number | null }} store
 */
export async function fill({ contender, count, size }) {
  const events = size === null ? realisticEvents(count) : eventsOf(count, size)
  const work = { events, batch: 1000, inFlight: 24, bytes: count * (size ?? 0) }
  const started = await start(contender, nextName(), work)
  await started.write()
  if (size === null) await started.compact?.()
  filled.set(contender, started)
}

/**
 * Milliseconds until every event is there as an object, in order.
 * @param {{ contender: string, count: number }} read
 */
export async function readAll({ contender, count }) {
  const startedAt = performance.now()
  const events = (await filled.get(contender)?.readAll?.()) ?? []
  const took = performance.now() - startedAt
  if (events.length !== count || events.some(({ n }, at) => n !== at))
    throw new Error(`${contender} read other events.`)
  return took
}

export async function removeAll() {
  for (const contender of filled.values()) await contender.remove()
  filled.clear()
}
