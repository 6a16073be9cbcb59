/** What the tabs of a soak were promised, as they told it themselves. */
import { partsOf } from './parts.js'

/** @import { Receipt } from '../../src/index.js' */
/** @import { Part } from './parts.js' */
/** @import { Action, Kind } from './schedule.js' */

/**
 * What a page tells. `rows` are `[position, sequence, b, i]`.
 * @typedef {{ t: 'open', producer: string, host: string }
 *   | { t: 'queued', b: number, upTo: number }
 *   | { t: 'journaling' | 'journaled', b: number }
 *   | { t: 'sent', b: number, attempt: number }
 *   | { t: 'committed', b: number, attempt: number, receipt: Receipt, expect: number | null }
 *   | { t: 'rejected', b: number, attempt: number, code: string, message: string }
 *   | { t: 'asked' | 'done', b: number, what: string }
 *   | { t: 'failed', b: number, what: string, code: string, message: string }
 *   | { t: 'read', b: number, floor: number, own: number, found: number, rows: number[][] }
 *   | { t: 'subscribed', sub: number, topics: string[], from: 'start' | 'live' }
 *   | { t: 'ready', sub: number, position: number }
 *   | { t: 'heard', sub: number, rows: number[][] }
 *   | { t: 'fault', code: string, message: string }
 *   | { t: 'log', rows: LogRow[] }} Report
 */

/** @typedef {[position: number, sequence: number, b: number, i: number, topic: string, producer: string, seq: number, padding: number]} LogRow */

/** @typedef {{ life: number, attempt: number, state: 'pending' | 'committed' | 'rejected', code: string, receipt: Receipt | null, expect: number | null, sentAt: number, tookMs: number | null }} Attempt */

/**
 * @typedef {object} Batch
 * @property {Part} part
 * @property {number} life the tab that made it
 * @property {number} issuedAt
 * @property {number} queued how many of its events record() took
 * @property {boolean} journaling the task that recorded it is over: its journal was told to write
 * @property {boolean} journaled its journal had written
 * @property {boolean} diskFull whether the disk was full when it was recorded: then it could not be journaled
 * @property {boolean} flushed
 * @property {Attempt[]} attempts
 */

/** @typedef {'crash' | 'left' | null} Ending */

/**
 * One tab from its opening to its end.
 * @typedef {object} Life
 * @property {number} id
 * @property {number} slot
 * @property {Kind} kind
 * @property {string} producer
 * @property {string} host
 * @property {Ending} ending
 * @property {number} endedAt
 */

/** @typedef {{ life: number, sub: number, topics: string[], from: 'start' | 'live', ready: number | null, rows: number[][], until: number | null }} Heard */
/** @typedef {{ life: number, b: number, floor: number, own: number, found: number, rows: number[][], at: number }} Read */
/** @typedef {{ life: number, b: number, askedAt: number, doneAt: number }} Clear */
/** @typedef {{ at: number, slot: number | null, what: string }} Entry */

export class Ledger {
  /** @type {Map<number, Life>} */
  lives = new Map()
  /** @type {Map<number, Batch>} */
  batches = new Map()
  /** @type {Heard[]} */
  heard = []
  /** @type {Read[]} */
  reads = []
  /** @type {Clear[]} */
  clears = []
  /** @type {Entry[]} */
  history = []
  /** How often which fault was told that no promise carried. */
  faults = /** @type {Map<string, number>} */ (new Map())
  /** The greatest position of 'main' that is known to be committed. */
  floor = 0
  /** The disk is full. */
  full = false
  /** When transactions were made to fail, and from when to when the disk was full. */
  disturbed = /** @type {[from: number, to: number][]} */ ([])
  #now

  /** @param {() => number} now */
  constructor(now) {
    this.#now = now
  }

  /**
   * @param {string} what
   * @param {number | null} slot
   */
  note(what, slot = null) {
    this.history.push({ at: Math.round(this.#now()), slot, what })
  }

  /**
   * @param {number} id
   * @param {number} slot
   * @param {Kind} kind
   */
  born(id, slot, kind) {
    this.lives.set(id, { id, slot, kind, producer: '', host: '', ending: null, endedAt: Infinity })
    this.note(`tab ${id} opens: ${kind.host} ${kind.version}, hears ${kind.subscribe}, ${kind.durability}`, slot)
  }

  /**
   * @param {number} id
   * @param {Ending} how
   */
  died(id, how) {
    const life = this.#life(id)
    if (life.ending !== null) return
    life.ending = how
    life.endedAt = this.#now()
    this.note(`tab ${id} ${how === 'crash' ? 'crashed' : 'is gone'}`, life.slot)
  }

  /**
   * A tab is about to be told to do it.
   * @param {number} id
   * @param {Action} action
   */
  issued(id, action) {
    for (const part of triedBy(action)) {
      // A tab that is ahead may have tried again already what another one is late to try.
      if (this.batches.has(part.b)) continue
      const batch = { part, life: id, issuedAt: this.#now(), queued: 0, journaling: false, journaled: false }
      this.batches.set(part.b, { ...batch, diskFull: this.full, flushed: false, attempts: [] })
    }
    this.note(`${action.do} ${action.id} (${action.count} of ${action.bytes} B)`, this.#life(id).slot)
  }

  /** From here on nothing new reaches the disk, until it is freed. */
  fill() {
    this.full = true
    this.disturbed.push([this.#now(), Infinity])
  }

  free() {
    if (!this.full) return
    this.full = false
    for (const time of this.disturbed) if (time[1] === Infinity) time[1] = this.#now()
  }

  /** A transaction was made to fail. */
  hit() {
    this.disturbed.push([this.#now(), this.#now()])
  }

  /**
   * @param {number} id
   * @param {Report} report
   */
  take(id, report) {
    const life = this.#life(id)
    switch (report.t) {
      case 'open':
        life.producer = report.producer
        life.host = report.host
        return this.note(`tab ${id} is open on ${report.host} as ${report.producer}`, life.slot)
      case 'queued':
        this.#batch(report.b).queued = report.upTo
        return
      case 'journaling':
      case 'journaled':
        this.#batch(report.b)[report.t] = true
        return
      case 'sent':
        this.#batch(report.b).attempts.push({
          life: id,
          attempt: report.attempt,
          state: 'pending',
          sentAt: this.#now(),
          tookMs: null,
          code: '',
          receipt: null,
          expect: null,
        })
        return
      case 'committed':
        return this.#committed(id, report)
      case 'rejected':
        const refused = this.#attempt(id, report)
        Object.assign(refused, { state: 'rejected', code: report.code, tookMs: this.#now() - refused.sentAt })
        return this.note(`append ${report.b} rejected: ${report.code}, ${report.message}`, life.slot)
      case 'asked':
        if (report.what === 'clear') this.clears.push({ life: id, b: report.b, askedAt: this.#now(), doneAt: Infinity })
        return
      case 'done':
        return this.#done(life, report)
      case 'failed':
        return this.note(`${report.what} ${report.b} failed: ${report.code}, ${report.message}`, life.slot)
      case 'read':
        return void this.reads.push({ ...report, life: id, at: this.#now() })
      case 'subscribed':
        return void this.heard.push({ ...report, life: id, ready: null, rows: [], until: null })
      case 'ready':
        this.#heard(id, report.sub).ready = report.position
        return
      case 'heard':
        for (const row of report.rows) this.#heard(id, report.sub).rows.push(row)
        return
      case 'fault':
        this.faults.set(report.code, (this.faults.get(report.code) ?? 0) + 1)
        return this.note(`fault ${report.code}: ${report.message}`, life.slot)
    }
  }

  /**
   * The tab's subscription has come to the end of the log.
   * @param {number} id
   * @param {{ next: number, sequence: number }} head
   */
  heardAll(id, { next, sequence }) {
    // Those of a handle that was closed since have ended earlier.
    const last = this.heard.findLast(({ life }) => life === id)
    if (last) last.until = last.topics.length > 1 ? sequence + 1 : next
  }

  /**
   * @param {number} life
   * @param {number} sub
   */
  #heard(life, sub) {
    return /** @type {Heard} */ (this.heard.find((own) => own.life === life && own.sub === sub))
  }

  /** @param {number} id */
  #life(id) {
    return /** @type {Life} */ (this.lives.get(id))
  }

  /** @param {number} b */
  #batch(b) {
    return /** @type {Batch} */ (this.batches.get(b))
  }

  /**
   * @param {number} life
   * @param {{ b: number, attempt: number }} of
   */
  #attempt(life, { b, attempt }) {
    return /** @type {Attempt} */ (this.#batch(b).attempts.find((own) => own.life === life && own.attempt === attempt))
  }

  /**
   * @param {number} life
   * @param {{ b: number, attempt: number, receipt: Receipt, expect: number | null }} report
   */
  #committed(life, report) {
    const { receipt, expect } = report
    const attempt = this.#attempt(life, report)
    Object.assign(attempt, { state: 'committed', receipt, expect, tookMs: this.#now() - attempt.sentAt })
    if (receipt.topic === 'main') this.floor = Math.max(this.floor, receipt.last)
  }

  /**
   * @param {Life} life
   * @param {{ b: number, what: string }} report
   */
  #done(life, { b, what }) {
    if (what === 'clear') {
      const clear = this.clears.find((own) => own.b === b)
      if (clear) clear.doneAt = this.#now()
    }
    if (what !== 'flush' && what !== 'reopen') return
    for (const batch of this.batches.values()) {
      if (batch.life === life.id && batch.part.how === 'record' && batch.part.b < b * 4) batch.flushed = true
    }
  }
}

/** @param {Action} action */
function triedBy(action) {
  return partsOf(action.do === 'retry' ? { ...action, id: action.of, do: 'append-ids' } : action)
}
