/** How long an event takes from the tab it happens in to a handler in another. */
import { openStore } from './package.js'

/** @import { StoredEvent, Store } from '../../../src/index.js' */

/** @type {Store | undefined} */
let store
/** @type {Map<number, number>} by the event's number */
const arrivals = new Map()

/** @param {{ name: string, listens: boolean }} tab */
export async function open({ name, listens }) {
  store = await openStore(name)
  if (!listens) return store.topic('warm').append({ type: 'up' })
  store.topic('latency').subscribe((/** @type {StoredEvent[]} */ events) => {
    const now = epochMs()
    for (const { data } of events) arrivals.set(/** @type {{ n: number }} */ (data).n, now)
  })
}

/**
 * One event after the other, with pauses in between as people make them.
 * @param {{ how: 'record' | 'append', count: number, from: number, pauseMs: number }} run
 * @returns {Promise<{ n: number, called: number, committed: number }[]>} `committed`: as this tab was told
 */
export async function send({ how, count, from, pauseMs }) {
  const topic = store?.topic('latency')
  const sent = []
  for (let n = from; n < from + count; n++) {
    const called = epochMs()
    if (how === 'record') topic?.record('x', { n })
    else await topic?.append({ type: 'x', data: { n } })
    sent.push({ n, called, committed: epochMs() })
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  return sent
}

/**
 * When the handler was told of each, once it was told of all.
 * @param {{ count: number, from: number }} of
 */
export async function arrived({ count, from }) {
  const numbers = Array.from({ length: count }, (_, n) => from + n)
  while (!numbers.every((n) => arrivals.has(n))) await new Promise((resolve) => setTimeout(resolve, 10))
  return numbers.map((n) => arrivals.get(n))
}

function epochMs() {
  return performance.timeOrigin + performance.now()
}
