import { inBatches, keepInFlight } from '../in-flight.js'
import { load } from '../package.js'

/** @import { Contender, Work } from '../contenders.js' */

/**
 * Default options, from a tab through the SharedWorker.
 * @param {string} name
 * @param {Work} work
 */
export function start(name, work) {
  return startBuild('/dist/index.js', name, work)
}

/**
 * @param {string} path
 * @param {string} name
 * @param {Work} work
 * @returns {Promise<Contender>}
 */
export async function startBuild(path, name, { events, batch, inFlight }) {
  const { openStore, deleteStore } = await load(path)
  const store = await openStore(name)
  const { host } = await store.health()
  if (host !== 'shared-worker') throw new Error(`The writer runs in host ${host}.`)
  await store.topic('opening').append({ type: 'opened' })
  const topic = store.topic('bench')
  const batches = inBatches(
    events.map((data) => ({ type: 'bench', data })),
    batch,
  )
  return {
    write: () => keepInFlight(batches, inFlight, (drafts) => topic.append(drafts)),
    writeOne: async (event) => topic.record('bench', event),
    async readAll() {
      const stored = await topic.read()
      return stored.map(({ data }) => /** @type {import('../events.js').BenchEvent} */ (data))
    },
    compact: () => store.compact(),
    async remove() {
      await store.close()
      await deleteStore(name)
    },
  }
}
