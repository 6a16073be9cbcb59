import { createStore } from 'tinybase/store'
import { createIndexedDbPersister } from 'tinybase/persisters/persister-indexed-db'
import { inBatches } from '../page/in-flight.js'

/** @import { Contender, Work } from '../page/contenders.js' */
/** @import { BenchEvent } from '../page/events.js' */

/**
 * A save writes the whole table, so there is one, after the last batch. Read back from IndexedDB into a store of its own.
 * @param {string} name
 * @param {Work} work
 * @returns {Promise<Contender>}
 */
export async function start(name, { events, batch }) {
  /** @type {unknown[]} */
  const troubles = []
  const persisted = () => {
    const store = createStore()
    return { store, persister: createIndexedDbPersister(store, name, 1, (trouble) => troubles.push(trouble)) }
  }
  const { store, persister } = persisted()
  await persister.load()
  await persister.startAutoSave()
  const set = (/** @type {BenchEvent} */ { n, s }) => store.setRow('events', String(n), { n, s })
  return {
    async write() {
      await persister.stopAutoSave()
      for (const own of inBatches(events, batch)) store.transaction(() => own.forEach(set))
      // Of a database that is not there yet, loading finds nothing and says so.
      troubles.length = 0
      await persister.save()
      if (troubles.length > 0) throw new Error(String(troubles[0]))
    },
    writeOne: async (event) => void set(event),
    async readAll() {
      const read = persisted()
      await read.persister.load()
      const rows = Object.values(read.store.getTable('events'))
      await read.persister.destroy()
      return /** @type {BenchEvent[]} */ (/** @type {unknown} */ (rows))
    },
    async remove() {
      await persister.destroy()
      indexedDB.deleteDatabase(name)
    },
  }
}
