import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '../kit/browser.js'
import { LEVELS } from './check.js'

/** @import { Violation } from './check.js' */
/** @import { SoakReport } from './soak.js' */

/** Of the history around what went wrong. */
const LINES = 40
const AROUND_MS = 1500
const SHOWN = 8

/** @param {SoakReport} report */
export function isClean({ verdict, hung }) {
  return verdict.violations.length === 0 && hung.length === 0
}

/** @param {SoakReport} report */
export function textOf(report) {
  const { schedule, verdict, events, causes, hung, ledger, late, left } = report
  const { receipts, reads, subscriptions, heard, conflicts } = verdict.checked
  const { window, journaling } = verdict.levels
  return [
    `seed ${schedule.seed}, ${schedule.seconds} s, ${ledger.lives.size} tabs in ${schedule.kinds.length} places, ${events} events in the log`,
    '',
    ...table(report),
    '',
    `checked: ${receipts} receipts, ${conflicts} version conflicts, ${reads} reads, ${subscriptions} subscriptions that heard ${heard} events`,
    `caused: ${listOf(causes)}`,
    waitsOf(report),
    `faults told: ${listOf(Object.fromEntries(ledger.faults)) || 'none'}`,
    `un-journaled window: ${window.events} events recorded in the task that a crash ended, ${window.kept} of them kept; ${journaling.events} while the journal was writing, ${journaling.kept} kept`,
    `told by nobody: ${verdict.unreported} events of tabs that died before they could; late: ${late}; left behind: ${left.journal} bursts, ${left.spills} spills`,
    ...hung.map((what) => `HANGS: ${what}`),
    ...verdict.violations
      .slice(0, SHOWN)
      .flatMap((violation) => [
        `VIOLATION: ${violation.what} (${violation.times} of its sort)`,
        ...historyOf(report, violation),
      ]),
    ...(verdict.violations.length > SHOWN ? [`… and ${verdict.violations.length - SHOWN} more`] : []),
    isClean(report)
      ? 'every promise was kept'
      : `PROMISES WERE BROKEN: npm run soak -- --seconds ${schedule.seconds} --seed ${schedule.seed}`,
  ].join('\n')
}

/**
 * Writes what was done and what came of it. Answers with the file's path.
 * @param {SoakReport} report
 */
export function saveReport({ schedule, ledger, verdict, hung, causes }) {
  const folder = join(repositoryRoot, 'artifacts')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `soak-${schedule.seed}.json`)
  const { history } = ledger
  const lives = [...ledger.lives.values()]
  writeFileSync(path, JSON.stringify({ schedule, lives, history, causes, verdict, hung }, null, 1))
  return path
}

/** @param {SoakReport} report */
function table({ verdict }) {
  const columns = /** @type {const} */ (['events', 'kept', 'lost', 'duplicated', 'reordered', 'cleared'])
  const rows = LEVELS.map((level) => [level, ...columns.map((column) => String(verdict.levels[level][column]))])
  return [['promised', ...columns], ...rows].map(([name = '', ...cells]) =>
    [name.padEnd(10), ...cells.map((cell) => cell.padStart(10))].join(' '),
  )
}

/**
 * How long appends took to be answered, the longest with who waited.
 * @param {SoakReport} report
 */
function waitsOf({ ledger }) {
  const answered = [...ledger.batches.values()].flatMap(({ part, attempts }) =>
    attempts.flatMap(({ life, tookMs, sentAt }) => (tookMs === null ? [] : [{ b: part.b, life, tookMs, sentAt }])),
  )
  const sorted = answered.sort((a, b) => a.tookMs - b.tookMs)
  const at = (/** @type {number} */ share) => Math.round(sorted[Math.floor(share * (sorted.length - 1))]?.tookMs ?? 0)
  const slowest = sorted.at(-1)
  const who = slowest ? ` (${slowest.b} of tab ${slowest.life}, sent at ${Math.round(slowest.sentAt)})` : ''
  return `appends answered in ms: p50 ${at(0.5)}, p95 ${at(0.95)}, longest ${at(1)}${who}`
}

/** @param {Record<string, number>} counts */
function listOf(counts) {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')
}

/**
 * What happened in the tab, and to all, around the time.
 * @param {SoakReport} report
 * @param {Violation} violation
 */
function historyOf({ ledger }, { b, life }) {
  const batch = b === null ? undefined : ledger.batches.get(b)
  const own = life === null ? undefined : ledger.lives.get(life)
  const at = batch?.issuedAt ?? own?.endedAt ?? 0
  const from = at - AROUND_MS
  const to = Math.max(at, Math.min(own?.endedAt ?? 0, at + AROUND_MS)) + AROUND_MS
  const near = ledger.history.filter(({ at, slot }) => at >= from && at <= to && (slot === null || slot === own?.slot))
  const lines = near
    .slice(0, LINES)
    .map(({ at, slot, what }) => `    ${String(at).padStart(7)} ${slot === null ? '*' : slot} ${what}`)
  return own ? [`    tab ${own.id} in place ${own.slot}: ${JSON.stringify(own)}`, ...lines] : lines
}
