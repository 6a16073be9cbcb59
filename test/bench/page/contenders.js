/** Everyone who can keep events, behind one interface. */

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
 * @property {() => Promise<unknown>} write writes all events; resolves when the last is committed
 * @property {(event: BenchEvent) => Promise<unknown>} [writeOne] as an app would write one that just happened
 * @property {() => Promise<BenchEvent[]>} [readAll]
 * @property {() => Promise<unknown>} [compact] stores all events as small as it can
 * @property {() => Promise<unknown>} remove deletes its database
 */

/** @typedef {(name: string, work: Work) => Promise<Contender>} Start */

/** Of each the module that starts it. Those under /peers/ are bundled from packages, only for this. */
const modules = new Map([
  ['tabscribe', './contenders/tabscribe.js'],
  ['other build', './contenders/other-build.js'],
  ['raw IndexedDB', './contenders/raw-indexeddb.js'],
  ['idb', '/peers/idb.js'],
  ['Dexie', '/peers/dexie.js'],
  ['RxDB', '/peers/rxdb.js'],
  ['PouchDB', '/peers/pouchdb.js'],
  ['SQLite', './contenders/sqlite.js'],
  ['LiveStore', '/peers/livestore.js'],
  ['TinyBase', '/peers/tinybase.js'],
  ['one put', './contenders/one-put.js'],
  ['OPFS handle', './contenders/opfs-handle.js'],
])

/**
 * @param {string} contender
 * @param {string} name of its database
 * @param {Work} work
 */
export async function start(contender, name, work) {
  const module = modules.get(contender)
  if (module === undefined) throw new Error(`Nobody is called ${contender}.`)
  const { start } = /** @type {{ start: Start }} */ (await import(module))
  return start(name, work)
}
