/** From a tab that records to a handler in another tab, by way of the commit. */
import { figureOf } from '../row.js'

/** @import { Ground } from '../ground.js' */
/** @import { Options } from '../options.js' */
/** @import { Line } from '../row.js' */

export const name = 'latency'

const PAUSE_MS = 7
const AIM_MS = 5

/** @typedef {{ n: number, called: number, committed: number }} Sent */

/**
 * @param {Ground} ground
 * @param {Options} options
 * @returns {Promise<Line[]>}
 */
export async function run(ground, { rounds, quick }) {
  const origin = ground.freshOrigin('isolated')
  const [writes, listens] = [await ground.openTab(origin), await ground.openTab(origin)]
  await writes.call('latency', 'open', { name: 'latency', listens: false })
  await listens.call('latency', 'open', { name: 'latency', listens: true })
  const count = quick ? 50 : 200
  let from = 0
  const measure = async (/** @type {'record' | 'append'} */ how) => {
    const sent = /** @type {Sent[]} */ (await writes.call('latency', 'send', { how, count, from, pauseMs: PAUSE_MS }))
    const arrivals = /** @type {number[]} */ (await listens.call('latency', 'arrived', { count, from }))
    from += count
    return sent.map(({ called, committed }, at) => ({
      sinceCall: (arrivals[at] ?? NaN) - called,
      sinceCommit: (arrivals[at] ?? NaN) - committed,
    }))
  }
  /** @type {Record<'record' | 'append' | 'commit', { p50: number[], p99: number[] }>} by rounds */
  const samples = { record: empty(), append: empty(), commit: empty() }
  for (let round = 0; round <= rounds; round++) {
    const recorded = await measure('record')
    const appended = await measure('append')
    // The first round only warms up.
    if (round === 0) continue
    add(
      samples.record,
      recorded.map(({ sinceCall }) => sinceCall),
    )
    add(
      samples.append,
      appended.map(({ sinceCall }) => sinceCall),
    )
    add(
      samples.commit,
      appended.map(({ sinceCommit }) => sinceCommit),
    )
  }
  await writes.close()
  await listens.remove()

  const row = (/** @type {string} */ title, /** @type {{ p50: number[], p99: number[] }} */ { p50, p99 }) => [
    title,
    figureOf(p50, 'ms'),
    figureOf(p99, 'ms'),
  ]
  const afterCommit = figureOf(samples.commit.p50, 'ms')
  return [
    {
      title: 'From one tab to a handler in another',
      about: `${count} events, one after the other, with default options: what is recorded waits for company for up to 10 ms.`,
      inReadme: true,
      head: ['', 'half of them within', '99 % within'],
      body: [
        row('record() → handler', samples.record),
        row('append() → handler', samples.append),
        row('append() resolved → handler', samples.commit),
      ],
    },
    {
      case: 'after the commit until a handler in another tab has it, p50',
      tabscribe: afterCommit,
      ratio: afterCommit,
      ratioUnit: 'ms',
      target: { atMost: AIM_MS },
    },
  ]
}

/** @returns {{ p50: number[], p99: number[] }} */
function empty() {
  return { p50: [], p99: [] }
}

/**
 * @param {{ p50: number[], p99: number[] }} to
 * @param {number[]} samples
 */
function add(to, samples) {
  const sorted = samples.toSorted((a, b) => a - b)
  to.p50.push(sorted[Math.floor(sorted.length * 0.5)] ?? NaN)
  to.p99.push(sorted[Math.floor(sorted.length * 0.99)] ?? NaN)
}
