import type { Store } from '../core/store.js'
import type { EventFilter } from '../protocol/event-filter.js'
import { PANEL_SOURCE_VERSION, type PanelSearch, type PanelSource } from '../protocol/panel-source.js'
import type { Handle } from './handle.js'
import { eventsIn } from './reading.js'

/** More than any one search goes through. */
const GENERATIONS = 2 ** 20

/** A store of this page as the panel sees it. */
export function createPanelSource(handle: Handle, store: Store): PanelSource {
  const { connection, outbox } = handle.shared
  return {
    version: PANEL_SOURCE_VERSION,
    store: store.name,
    producer: store.producer,
    readOnly: false,
    overview() {
      outbox.seal()
      return connection.call('overview')
    },
    search: (filter) => openSearch(handle, filter),
    export: () => store.export(),
    clear: () => store.clear(),
    close() {},
  }
}

// The search lives in the writer: after a writer's death it is opened anew in the next one, as a new generation.
async function openSearch({ shared }: Handle, filter: EventFilter): Promise<PanelSearch> {
  const { connection } = shared
  const open = (): Promise<number> => connection.call('searchOpen', filter)
  let id = await open()
  let reopened = 0
  let closed = false
  return {
    async progress(after) {
      let progress = await connection.call('searchProgress', id, after)
      while (progress === null && !closed) {
        id = await open()
        reopened++
        progress = await connection.call('searchProgress', id, -1)
      }
      return progress && { ...progress, generation: reopened * GENERATIONS + progress.generation }
    },
    rows: async (first, count) =>
      eventsIn({ slices: await connection.call('searchRows', id, first, count) }, 'forward'),
    rankOf: (sequence) => connection.call('searchRank', id, sequence),
    histogram: (since, until, buckets) => connection.call('searchHistogram', id, since, until, buckets),
    close() {
      closed = true
      connection.call('searchClose', id).catch(() => {})
    },
  }
}
