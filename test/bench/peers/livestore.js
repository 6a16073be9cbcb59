import { makePersistedAdapter } from '@livestore/adapter-web'
// oxlint-disable-next-line import/default -- what a bundler makes of it, as its documents show
import LiveStoreSharedWorker from '@livestore/adapter-web/shared-worker?sharedworker'
import { createStorePromise } from '@livestore/livestore'
import { inBatches } from '../page/in-flight.js'
import { events as kinds, schema, tables } from './livestore/schema.js'

/** @import { Contender, Work } from '../page/contenders.js' */

/**
 * One commit for each batch, without refreshing queries in between, pushed to the leader whole. Done when the leader
 * has confirmed them all: it keeps them in OPFS, ten in a transaction, which a web app cannot change.
 * @param {string} name
 * @param {Work} work
 * @returns {Promise<Contender>}
 */
export async function start(name, { events, batch }) {
  const adapter = makePersistedAdapter({
    storage: { type: 'opfs' },
    worker: (options) => new Worker(new URL('./livestore/worker.js', import.meta.url), { ...options, type: 'module' }),
    sharedWorker: LiveStoreSharedWorker,
  })
  const store = await createStorePromise({
    adapter,
    schema,
    storeId: name,
    disableDevtools: true,
    params: { leaderPushBatchSize: batch },
  })
  const batches = inBatches(
    events.map((event) => kinds.recorded(event)),
    batch,
  )
  /** @returns {Promise<void>} */
  const confirmed = () =>
    new Promise((resolve) => {
      const unsubscribe = store.subscribeSyncStatus(({ isSynced }) => {
        if (!isSynced) return
        queueMicrotask(() => unsubscribe())
        resolve()
      })
    })
  return {
    async write() {
      for (const own of batches) store.commit({ skipRefresh: true }, ...own)
      await confirmed()
    },
    writeOne: async (event) => store.commit(kinds.recorded(event)),
    readAll: async () => store.query(tables.events.orderBy('n', 'asc')),
    remove: () => store.shutdownPromise(),
  }
}
