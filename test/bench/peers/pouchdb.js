import PouchDB from 'pouchdb-browser'
import { inBatches, keepInFlight } from '../page/in-flight.js'

/** @import { Contender, Work } from '../page/contenders.js' */
/** @import { BenchEvent } from '../page/events.js' */

/**
 * bulkDocs() with ids of ours, which it need not make. Durability is the browser's default, which is relaxed.
 * @param {string} name
 * @param {Work} work
 * @returns {Promise<Contender>}
 */
export async function start(name, { events, batch, inFlight }) {
  const database = new PouchDB(name, { revs_limit: 1 })
  await database.info()
  const documentOf = (/** @type {BenchEvent} */ event) => ({ _id: String(event.n).padStart(10, '0'), ...event })
  const batches = inBatches(events.map(documentOf), batch)
  const insert = async (/** @type {object[]} */ own) => {
    const refused = (await database.bulkDocs(own)).filter((answer) => 'error' in answer)
    if (refused.length > 0) throw new Error(`PouchDB refused ${refused.length} documents.`)
  }
  return {
    write: () => keepInFlight(batches, inFlight, insert),
    writeOne: (event) => insert([documentOf(event)]),
    async readAll() {
      const { rows } = await database.allDocs({ include_docs: true })
      return rows.map(({ doc }) => doc)
    },
    remove: () => database.destroy(),
  }
}
