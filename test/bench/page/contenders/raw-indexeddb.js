import { inBatches, keepInFlight } from '../in-flight.js'

/** @import { Contender, Work } from '../contenders.js' */
/** @import { BenchEvent } from '../events.js' */

/**
 * The least that one record for each event can cost: no handler of an add, the commit asked for.
 * @param {string} name
 * @param {Work} work
 * @returns {Promise<Contender>}
 */
export async function start(name, { events, batch, inFlight }) {
  const database = await open(name)
  await add(database, 'opening', [{ opened: true }])
  const batches = inBatches(events, batch)
  return {
    write: () => keepInFlight(batches, inFlight, (own) => add(database, 'events', own)),
    writeOne: (event) => add(database, 'events', [event]),
    readAll: () => all(database),
    async remove() {
      database.close()
      indexedDB.deleteDatabase(name)
    },
  }
}

/**
 * @param {string} name
 * @returns {Promise<IDBDatabase>}
 */
function open(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1)
    request.onupgradeneeded = () => {
      for (const store of ['opening', 'events']) request.result.createObjectStore(store, { autoIncrement: true })
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(new Error(String(request.error)))
  })
}

/**
 * @param {IDBDatabase} database
 * @param {string} store
 * @param {object[]} values
 * @returns {Promise<void>}
 */
function add(database, store, values) {
  return new Promise((resolve, reject) => {
    const tx = database.transaction(store, 'readwrite', { durability: 'relaxed' })
    tx.oncomplete = () => resolve()
    tx.onabort = () => reject(new Error(String(tx.error)))
    const objects = tx.objectStore(store)
    for (const value of values) objects.add(value)
    tx.commit()
  })
}

/**
 * @param {IDBDatabase} database
 * @returns {Promise<BenchEvent[]>}
 */
function all(database) {
  return new Promise((resolve, reject) => {
    const request = database.transaction('events').objectStore('events').getAll()
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(new Error(String(request.error)))
  })
}
