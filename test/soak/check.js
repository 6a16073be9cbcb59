/** Compares the log with what was promised. */
import { SIDE, topicAt } from './parts.js'

/** @import { Batch, Heard, Ledger, LogRow, Read } from './ledger.js' */

/**
 * What an event was promised in the end, best first.
 *
 * - committed: an append resolved, or a flush after the record() did.
 * - journaled: its tab crashed or left after the journal had it.
 * - left: its tab was closed or navigated away before that, if only in the very task that recorded it.
 * - disk full: nothing could be journaled when it was recorded, and its tab crashed.
 * - journaling: its tab crashed after that task, when the journal was told to write it and had not answered.
 * - window: its tab crashed in that task. Neither is promised; how much of it is kept is told.
 * - rejected: every append of it was, for good. It must not be there.
 * - unknown: its append was not answered, or with 'outcome-unknown': it may be there.
 * @typedef {'committed' | 'journaled' | 'left' | 'disk full' | 'journaling' | 'window' | 'rejected' | 'unknown'} Level
 */

/** @type {Level[]} */
export const LEVELS = ['committed', 'journaled', 'left', 'disk full', 'journaling', 'window', 'rejected', 'unknown']

/** Of these every event must be in the log. */
const KEPT = new Set(/** @type {Level[]} */ (['committed', 'journaled', 'left']))

/** @typedef {{ events: number, kept: number, lost: number, duplicated: number, reordered: number, present: number, cleared: number }} Row */
/** @typedef {{ what: string, b: number | null, life: number | null, times: number }} Violation the first of its sort */

/**
 * @typedef {object} Verdict
 * @property {Record<Level, Row>} levels
 * @property {Violation[]} violations
 * @property {Record<number, number>} unwritten by part: events that were lost while the journal was writing them
 * @property {number} unreported events in the log whose tab died before it could tell of them
 * @property {{ receipts: number, reads: number, subscriptions: number, heard: number, conflicts: number }} checked
 */

/**
 * @param {Ledger} ledger
 * @param {LogRow[]} log in the order of the store
 * @returns {Verdict}
 */
export function check(ledger, log) {
  const checker = new Checker(ledger, log)
  checker.order()
  checker.promises()
  checker.receipts()
  for (const heard of ledger.heard) checker.heard(heard)
  for (const read of ledger.reads) checker.read(read)
  return checker.verdict
}

class Checker {
  #ledger
  #log
  /** By `b i`: where it lies. */
  #places = /** @type {Map<string, LogRow[]>} */ (new Map())
  /** By topic, by position. */
  #topics = /** @type {Map<string, Map<number, LogRow>>} */ (new Map())
  #reordered = /** @type {Set<LogRow>} */ (new Set())
  /** By sort. */
  #listed = /** @type {Map<string, Violation>} */ (new Map())
  /** @type {Verdict} */
  verdict

  /**
   * @param {Ledger} ledger
   * @param {LogRow[]} log
   */
  constructor(ledger, log) {
    this.#ledger = ledger
    this.#log = log
    for (const row of log) {
      const [position, , b, i, topic] = row
      const key = `${b} ${i}`
      const places = this.#places.get(key)
      if (places) places.push(row)
      else this.#places.set(key, [row])
      let positions = this.#topics.get(topic)
      if (!positions) this.#topics.set(topic, (positions = new Map()))
      positions.set(position, row)
    }
    const row = { events: 0, kept: 0, lost: 0, duplicated: 0, reordered: 0, present: 0, cleared: 0 }
    this.verdict = {
      levels: /** @type {Record<Level, Row>} */ (Object.fromEntries(LEVELS.map((level) => [level, { ...row }]))),
      violations: [],
      unwritten: {},
      unreported: 0,
      checked: { receipts: 0, reads: 0, subscriptions: 0, heard: 0, conflicts: 0 },
    }
  }

  /** Sequences rise, positions have no gaps, every tab's events come in its order, and are what was sent. */
  order() {
    let before = -1
    const next = /** @type {Map<string, number>} */ (new Map())
    const seqs = /** @type {Map<string, number>} */ (new Map())
    const sent = /** @type {Map<string, [b: number, i: number]>} */ (new Map())
    for (const row of this.#log) {
      const [position, sequence, b, i, topic, producer, seq, padding] = row
      if (sequence <= before) this.#wrong(`sequence ${sequence} follows ${before}`, b)
      before = sequence
      const expected = next.get(topic) ?? (topic === SIDE ? position : 0)
      if (position !== expected) this.#wrong(`in '${topic}' position ${position} follows ${expected - 1}`, b)
      next.set(topic, position + 1)
      const lastSeq = seqs.get(producer) ?? -1
      if (seq <= lastSeq) {
        this.#reordered.add(row)
        this.#wrong(`${producer}'s number ${seq} is behind its number ${lastSeq}`, b)
      }
      seqs.set(producer, Math.max(lastSeq, seq))
      const batch = this.#ledger.batches.get(b)
      if (!batch || i >= batch.part.count || topicAt(batch.part, i) !== topic || batch.part.bytes !== padding) {
        this.#wrong(`nobody sent ${b} ${i} with ${padding} bytes to '${topic}'`, b)
      } else if (!isLate(batch)) {
        const [lastB, lastI] = sent.get(producer) ?? [-1, -1]
        if (b < lastB || (b === lastB && i <= lastI)) this.#wrong(`${b} ${i} is behind ${lastB} ${lastI}`, b)
        else sent.set(producer, [b, i])
      }
    }
  }

  promises() {
    for (const batch of this.#ledger.batches.values()) {
      let present = 0
      for (let i = 0; i < batch.part.count; i++) present += this.#event(batch, i) ? 1 : 0
      if (batch.part.how === 'append' && present > 0 && present < batch.part.count) {
        this.#wrong(`only ${present} of the ${batch.part.count} events appended at once are there`, batch.part.b)
      }
    }
  }

  receipts() {
    for (const { part, attempts } of this.#ledger.batches.values()) {
      for (const { state, receipt, code, expect } of attempts) {
        if (code === 'version-conflict') this.verdict.checked.conflicts++
        if (state !== 'committed' || !receipt) continue
        this.verdict.checked.receipts++
        const { topic, count, first, last, firstSequence, lastSequence } = receipt
        if (topic !== part.topic || count !== part.count || last - first + 1 !== count) {
          this.#wrong(`the receipt is not of this append: ${JSON.stringify(receipt)}`, part.b)
        }
        if (expect !== null && first !== expect) this.#wrong(`appended at ${first}, not at ${expect}`, part.b)
        const rows = Array.from({ length: part.count }, (_, i) => this.#topics.get(topic)?.get(first + i))
        const holds = rows.every((row, i) => row && row[2] === part.b && row[3] === i)
        if (!holds || rows[0]?.[1] !== firstSequence || rows.at(-1)?.[1] !== lastSequence) {
          this.#wrong(`the receipt's places hold something else: ${JSON.stringify(receipt)}`, part.b)
        }
      }
    }
  }

  /**
   * A subscription heard everything from where it began to where it ended, once and in order.
   * @param {Heard} heard
   */
  heard({ life, sub, topics, from, ready, rows, until }) {
    this.verdict.checked.subscriptions++
    this.verdict.checked.heard += rows.length
    const whole = topics.length > 1
    const at = whole ? 1 : 0
    const start = from === 'start' ? 0 : ready
    const name = `tab ${life}'s subscription ${sub} to ${topics.join(' and ')} from ${from} (${start})`
    if (start === null) {
      if (rows.length > 0) this.#wrong(`${name} heard something before it was ready`, null, life)
      return
    }
    const end = Math.max(until ?? 0, (rows.at(-1)?.[at] ?? start - 1) + 1)
    const expected = this.#log.filter((row) => topics.includes(row[4]) && row[at] >= start && row[at] < end)
    const off = expected.findIndex((row, n) => [0, 1, 2, 3].some((column) => row[column] !== rows[n]?.[column]))
    if (off >= 0) {
      const [position, sequence, b, i] = expected[off] ?? []
      const instead = rows[off]
      this.#wrong(
        `${name}: number ${off} should be ${b} ${i} (position ${position}, sequence ${sequence}), ` +
          `and is ${instead ? `${instead[2]} ${instead[3]} (position ${instead[0]}, sequence ${instead[1]})` : 'missing'}`,
        b ?? null,
        life,
      )
    } else if (rows.length > expected.length) {
      this.#wrong(`${name} heard ${rows.length} events, not ${expected.length}`, null, life)
    }
  }

  /** @param {Read} read */
  read({ life, b, floor, own, found, rows, at }) {
    this.verdict.checked.reads++
    const reached = rows.some(([position]) => position === floor)
    // Before the first commit there is no floor.
    if (floor > 0 && !reached)
      this.#wrong(`read ${b} of tab ${life} did not see position ${floor}, committed before`, b * 4)
    const main = this.#topics.get('main')
    for (const [position, sequence, of, i] of rows) {
      const row = main?.get(/** @type {number} */ (position))
      if (row?.[1] === sequence && row?.[2] === of && row?.[3] === i) continue
      return this.#wrong(`read ${b} of tab ${life} saw ${of} ${i} at position ${position}, where it is not`, b * 4)
    }
    if (found < own && this.#calm(b, at))
      this.#wrong(`read ${b} of tab ${life} saw ${found} of its own ${own} events`, b * 4)
  }

  /**
   * @param {Batch} batch
   * @param {number} i
   * @returns {boolean} whether it is there
   */
  #event(batch, i) {
    const { b } = batch.part
    const places = this.#places.get(`${b} ${i}`) ?? []
    const level = this.#level(batch, i)
    if (level === null) {
      if (places.length > 0) this.verdict.unreported++
      if (places.length > 1) this.#wrong(`${b} ${i} is there ${places.length} times`, b)
      return places.length > 0
    }
    const row = this.verdict.levels[level]
    row.events++
    if (places.some((place) => this.#reordered.has(place))) row.reordered++
    if (places.length > 1) {
      row.duplicated++
      this.#wrong(`${b} ${i} is there ${places.length} times`, b)
    }
    if (places.length > 0) row.kept++
    else if (this.#mayBeCleared(batch)) row.cleared++
    else row.lost++
    if (places.length === 0 && level === 'journaling' && !this.#mayBeCleared(batch))
      this.verdict.unwritten[b] = (this.verdict.unwritten[b] ?? 0) + 1
    if (places.length === 0 && KEPT.has(level) && !this.#mayBeCleared(batch))
      this.#wrong(`${b} ${i} is lost (${level})`, b)
    if (places.length > 0 && level === 'rejected') {
      row.present++
      this.#wrong(`${b} ${i} was rejected and is there`, b)
    }
    if (places.length > 0 && this.#mustBeCleared(batch)) this.#wrong(`${b} ${i} was cleared and is there`, b)
    return places.length > 0
  }

  /**
   * Null: its tab died before it could tell whether it came to it.
   * @param {Batch} batch
   * @param {number} i
   * @returns {Level | null}
   */
  #level({ part, life, queued, journaling, journaled, diskFull, flushed, attempts }, i) {
    if (part.how === 'append') {
      if (attempts.length === 0) return null
      if (attempts.some(({ state }) => state === 'committed')) return 'committed'
      return attempts.every(({ state, code }) => state === 'rejected' && code !== 'outcome-unknown')
        ? 'rejected'
        : 'unknown'
    }
    if (i >= queued) return null
    if (flushed) return 'committed'
    if (this.#ledger.lives.get(life)?.ending !== 'crash') return journaled ? 'journaled' : 'left'
    if (!journaling) return 'window'
    if (diskFull) return 'disk full'
    return journaled ? 'journaled' : 'journaling'
  }

  // A clear takes what came before it was done. What its own tab recorded after it is kept.
  /** @param {Batch} batch */
  #mayBeCleared({ part, life, issuedAt }) {
    if (part.topic !== SIDE) return false
    return this.#ledger.clears.some((clear) => (clear.life === life ? part.b <= clear.b * 4 : issuedAt <= clear.doneAt))
  }

  /** @param {Batch} batch */
  #mustBeCleared({ part, life }) {
    if (part.topic !== SIDE) return false
    return this.#ledger.clears.some((clear) => clear.life === life && clear.doneAt < Infinity && part.b <= clear.b * 4)
  }

  // Where nothing could be committed, a read need not see what its own tab recorded.
  /**
   * @param {number} action
   * @param {number} until
   */
  #calm(action, until) {
    const since = this.#ledger.batches.get(action * 4)?.issuedAt ?? 0
    return !this.#ledger.disturbed.some(([from, to]) => from < until + 500 && to > since - 500)
  }

  /**
   * @param {string} what
   * @param {number | null} b
   * @param {number | null} [life]
   */
  #wrong(what, b, life = null) {
    const own = b === null ? undefined : this.#ledger.batches.get(b)
    const place = life ?? own?.life ?? null
    // Of one tab, one of a sort is enough.
    const sort = `${place} ${what.replaceAll(/[0-9a-f]{24}|\d+/g, '#')}`
    const listed = this.#listed.get(sort)
    if (listed) return void listed.times++
    const violation = { what, b, life: place, times: 1 }
    this.#listed.set(sort, violation)
    this.verdict.violations.push(violation)
  }
}

// Sent later than the number says: it waited for a read first, or another tab tried it again.
/** @param {Batch} batch */
function isLate({ part, attempts }) {
  return part.topic === 'turns' || attempts.length > 1 || part.ids
}
