/** Everyone who can keep events, behind one interface. */
import { startDexie } from './contenders/dexie.js'
import { startOnePut } from './contenders/one-put.js'
import { startSqlite } from './contenders/sqlite.js'
import { startOther, startTabscribe } from './contenders/tabscribe.js'

/** @import { BenchEvent } from './events.js' */

/**
 * @typedef {object} Work
 * @property {BenchEvent[]} events
 * @property {number} batch events handed over at once
 * @property {number} inFlight batches handed over and not yet committed, at most
 * @property {number} bytes of all events' JSON
 */

/**
 * Started, its database open and written to once.
 * @typedef {object} Contender
 * @property {() => Promise<void>} write writes all events; resolves when the last is committed
 * @property {() => Promise<BenchEvent[]>} [readAll]
 * @property {() => Promise<unknown>} [compact] stores all events as small as it can
 * @property {() => Promise<void>} remove deletes its database
 */

/** @type {Record<string, (name: string, work: Work) => Promise<Contender>>} */
export const contenders = {
  tabscribe: startTabscribe,
  'other build': startOther,
  Dexie: startDexie,
  SQLite: startSqlite,
  'one put': startOnePut,
}
