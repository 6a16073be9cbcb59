import { createRxDatabase } from 'rxdb/plugins/core'
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie'
import { inBatches, keepInFlight } from '../page/in-flight.js'

/** @import { Contender, Work } from '../page/contenders.js' */
/** @import { BenchEvent } from '../page/events.js' */

const schema = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: { id: { type: 'string', maxLength: 10 }, n: { type: 'number' }, s: { type: 'string' } },
  required: ['id', 'n', 's'],
}

/**
 * The Dexie storage, no validation, no other tab told: what its documents advise for speed.
 * @param {string} name
 * @param {Work} work
 * @returns {Promise<Contender>}
 */
export async function start(name, { events, batch, inFlight }) {
  const storage = getRxStorageDexie({ chromeTransactionDurability: 'relaxed' })
  const database = await createRxDatabase({ name, storage, multiInstance: false, eventReduce: true })
  const { events: collection } = await database.addCollections({ events: { schema } })
  const documentOf = (/** @type {BenchEvent} */ event) => ({ id: String(event.n).padStart(10, '0'), ...event })
  const batches = inBatches(events.map(documentOf), batch)
  const insert = async (/** @type {object[]} */ own) => {
    const { error } = await collection.bulkInsert(own)
    if (error.length > 0) throw new Error(`RxDB refused ${error.length} documents.`)
  }
  return {
    write: () => keepInFlight(batches, inFlight, insert),
    writeOne: (event) => insert([documentOf(event)]),
    readAll: () => collection.find().exec(),
    remove: () => database.remove(),
  }
}
