import { deleteDB, openDB } from 'idb'
import { inBatches, keepInFlight } from '../page/in-flight.js'

/** @import { Contender, Work } from '../page/contenders.js' */
/** @import { BenchEvent } from '../page/events.js' */

/**
 * A transaction for each batch, all its adds at once, as its README shows.
 * @param {string} name
 * @param {Work} work
 * @returns {Promise<Contender>}
 */
export async function start(name, { events, batch, inFlight }) {
  const database = await openDB(name, 1, {
    upgrade(fresh) {
      fresh.createObjectStore('opening', { autoIncrement: true })
      fresh.createObjectStore('events', { autoIncrement: true })
    },
  })
  await database.add('opening', { opened: true })
  const batches = inBatches(events, batch)
  const add = (/** @type {BenchEvent[]} */ own) => {
    const tx = database.transaction('events', 'readwrite', { durability: 'relaxed' })
    return Promise.all([...own.map((event) => tx.store.add(event)), tx.done])
  }
  return {
    write: () => keepInFlight(batches, inFlight, add),
    writeOne: (event) => add([event]),
    readAll: () => database.getAll('events'),
    async remove() {
      database.close()
      await deleteDB(name)
    },
  }
}
