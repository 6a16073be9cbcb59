import { check } from './check.js'
import { Tab } from './tab.js'

/** @import { BrowserContext } from 'playwright-core' */
/** @import { Verdict } from './check.js' */
/** @import { Ledger, LogRow } from './ledger.js' */
/** @import { Kind } from './schedule.js' */

/**
 * @typedef {object} Judged
 * @property {Verdict} verdict
 * @property {number} events in the log
 * @property {number} late lost when the fresh tab read at once, there a moment later
 * @property {{ journal: number, spills: number }} left bursts behind, in the end
 */

/** Of dead tabs, when the fresh tab is not told everything at once. */
const DRAIN_MS = 15_000

/** @type {Kind} */
const FRESH = { host: 'auto', version: 'a', subscribe: 'none', durability: 'relaxed' }

/**
 * Reads the log in a fresh tab, when all others are gone, and compares it with what was promised.
 * @param {{ id: number, context: BrowserContext, origin: string, ledger: Ledger }} options
 * @returns {Promise<Judged>}
 */
export async function judge({ ledger, ...where }) {
  /** @type {LogRow[]} */
  let log = []
  const fresh = await Tab.open({
    ...where,
    slot: -1,
    kind: FRESH,
    ledger,
    onReport: (report) => void (report.t === 'log' && log.push(...report.rows)),
  })
  await fresh.tellLog()
  let verdict = check(ledger, log)
  const lostAtFirst = lostOf(verdict)
  let left = await fresh.leftovers()
  for (const until = performance.now() + DRAIN_MS; left.journal.length > 0 && performance.now() < until;) {
    await new Promise((resolve) => setTimeout(resolve, 200))
    left = await fresh.leftovers()
  }
  if (lostAtFirst > 0) {
    log = []
    await fresh.tellLog()
    verdict = check(ledger, log)
  }
  return {
    verdict,
    events: log.length,
    late: lostAtFirst - lostOf(verdict),
    left: { journal: left.journal.length, spills: left.spills.length },
  }
}

/** @param {Verdict} verdict */
function lostOf({ levels }) {
  return levels.committed.lost + levels.journaled.lost + levels.left.lost
}
