/** Fifty writes that nobody waits for, by anyone who can keep events. */
import { start } from './contenders.js'

/** @import { Recording } from '../../kit/survivors.js' */

const RETRY_MS = 100
const GIVE_UP_MS = 10_000

/** Gets it warm and puts it where the endings of the kit look for it. @param {string} contender */
export async function open(contender) {
  const opened = await begin(contender)
  /** @type {Recording} */
  const topic = {
    record(_, data) {
      const { n } = /** @type {{ n: number }} */ (data)
      const written = opened.writeOne?.({ n, s: 'something to keep' })
      // Nobody waits for it, and nobody is told.
      void written?.catch(() => {})
    },
  }
  Object.assign(globalThis, { topic })
}

/** The numbers of the events that are there, asked at once. @param {string} contender */
export async function survivors(contender) {
  const opened = await begin(contender)
  return (await opened.readAll?.())?.map(({ n }) => n)
}

/**
 * A file of OPFS is let go a moment after the tab that held it is gone: asked again as an app would.
 * @param {string} contender
 */
async function begin(contender) {
  const startedAt = performance.now()
  for (;;) {
    try {
      return await start(contender, 'survivors', { events: [], batch: 1, inFlight: 1, bytes: 0 })
    } catch (trouble) {
      if (performance.now() - startedAt > GIVE_UP_MS) throw trouble
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }
}
