import { requestFor } from '../protocol/writer-api.js'
import { idsIn, IDS_KEPT, rememberIds, type IdPlace } from './ids.js'
import { READ_STORES, visitRows, type Reading } from './read.js'

/** Afterwards the memory knows the newest ids of these topics, unless all was forgotten meanwhile. */
export async function loadIds(reading: Reading, topics: readonly string[]): Promise<void> {
  if (topics.length === 0) return
  const { memory, missing } = await reading.database.read(READ_STORES, async (tx) => {
    const memory = await reading.state.synchronize(tx)
    return { memory, missing: topics.filter((topic) => !memory.ids.has(topic)) }
  })
  for (const topic of missing) {
    const found: [string, IdPlace][] = []
    const request = requestFor({ topics: [topic], direction: 'backward' })
    await visitRows(reading, request, undefined, (segment) => {
      found.push(...idsIn(segment, topic, 0).reverse())
      return found.length < IDS_KEPT
    })
    const places = new Map<string, IdPlace>()
    rememberIds(places, found.reverse())
    memory.ids.set(topic, places)
  }
}
