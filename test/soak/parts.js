/**
 * What an action stores, known to the page that does it and to the checker alike: so an event in the log can be traced
 * to what asked for it even if its tab died without a word.
 */

/** @import { Action } from './schedule.js' */

/**
 * Events that one action records or appends together. Their data is `{ b, i, pad }`.
 * @typedef {object} Part
 * @property {number} b names the part
 * @property {'record' | 'append'} how
 * @property {string} topic 'both' is 'main' and 'second', by turns
 * @property {number} count
 * @property {number} bytes
 * @property {boolean} ids
 */

/** The topic that is cleared now and then. */
export const SIDE = 'side'

const PARTS_PER_ACTION = 4

/** A storm ends with its tab: no more than this come of it. */
export const STORM_EVENTS = 4_000

/** @param {number} b */
export function actionOf(b) {
  return Math.floor(b / PARTS_PER_ACTION)
}

/**
 * @param {Pick<Action, 'id' | 'do' | 'count' | 'bytes' | 'of'>} action
 * @returns {Part[]}
 */
export function partsOf({ id, do: name, count, bytes }) {
  const b = id * PARTS_PER_ACTION
  const record = { b, how: /** @type {const} */ ('record'), topic: 'main', count, bytes, ids: false }
  const append = { ...record, how: /** @type {const} */ ('append'), topic: id % 3 === 0 ? 'second' : 'main' }
  switch (name) {
    case 'record-many':
    case 'record':
      return [{ ...record, topic: id % 4 === 0 ? 'both' : 'main' }]
    case 'record-side':
      return [{ ...record, topic: SIDE }]
    case 'mixed':
      return [record, { ...append, b: b + 1 }, { ...record, b: b + 2 }]
    case 'clear-side':
      return [
        { ...record, topic: SIDE },
        { ...record, b: b + 1, topic: SIDE },
      ]
    case 'append':
    case 'append-batch':
      return [append]
    case 'append-ids':
      return [{ ...append, ids: true }]
    case 'expect':
      return [{ ...append, topic: 'turns' }]
    case 'storm':
      return [{ ...record, count: STORM_EVENTS }]
    case 'retry':
    case 'flush':
    case 'read':
    case 'compact':
    case 'reopen':
      return []
    default:
      return [record]
  }
}

/**
 * @param {Part} part
 * @param {number} i
 */
export function topicAt({ topic }, i) {
  if (topic !== 'both') return topic
  return i % 2 === 0 ? 'main' : 'second'
}

/**
 * @param {Part} part
 * @param {number} i
 */
export function dataAt({ b, bytes }, i) {
  return { b, i, pad: 'x'.repeat(bytes) }
}
