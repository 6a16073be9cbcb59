import { Dexie } from 'dexie'
import { inBatches, keepInFlight } from '../page/in-flight.js'

/** @import { Contender, Work } from '../page/contenders.js' */
/** @import { BenchEvent } from '../page/events.js' */

/**
 * Keys that count up outside the objects, no index: the least it can be asked to do.
 * @param {string} name
 * @param {Work} work
 * @returns {Promise<Contender>}
 */
export async function start(name, { events, batch, inFlight }) {
  const database = new Dexie(name, { chromeTransactionDurability: 'relaxed' })
  database.version(1).stores({ opening: '++', events: '++' })
  await database.open()
  await database.table('opening').add({ opened: true })
  /** @type {import('dexie').Table<BenchEvent, number>} */
  const table = database.table('events')
  const batches = inBatches(events, batch)
  return {
    write: () => keepInFlight(batches, inFlight, (own) => Promise.resolve(table.bulkAdd(own))),
    writeOne: (event) => Promise.resolve(table.add(event)),
    readAll: async () => table.toArray(),
    async remove() {
      database.close()
      await Dexie.delete(name)
    },
  }
}
