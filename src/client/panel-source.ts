import { invalidArgument } from '../core/fault.js'
import type { Projection } from '../core/projection.js'
import type { Store } from '../core/store.js'
import type { EventFilter } from '../protocol/event-filter.js'
import {
  PANEL_SOURCE_VERSION,
  type PanelExport,
  type PanelSearch,
  type PanelSource,
  type PathChange,
} from '../protocol/panel-source.js'
import type { Handle } from './handle.js'
import { countersOf } from './panel-counters.js'
import { loadPart } from './load-part.js'
import { eventsIn } from './reading.js'
import { startExport } from './start-export.js'

/** More than any one search goes through. */
const GENERATIONS = 2 ** 20

const WHOLE: PanelExport = { filter: { all: [] }, before: null, format: 'json' }

/** A store of this page as the panel sees it. */
export function createPanelSource(
  handle: Handle,
  store: Store,
  projections: readonly Projection<unknown>[] = [],
): PanelSource {
  const { shared } = handle
  const { connection, outbox } = shared
  const named = (name: string): Projection<unknown> => {
    const found = projections.find((own) => own.name === name)
    if (found === undefined) throw invalidArgument('projection', 'the name of one that the panel was given', name)
    return found
  }
  return {
    version: PANEL_SOURCE_VERSION,
    store: store.name,
    producer: store.producer,
    readOnly: false,
    projections: projections.map(({ name }) => name),
    overview() {
      outbox.seal()
      return connection.call('overview')
    },
    search: (filter) => openSearch(handle, filter),
    async lanes(request) {
      const { lanesOf } = await loadPart(() => import('./timeline.js'))
      return lanesOf(handle, request)
    },
    async neighbour(topic, position, step) {
      const query = step > 0 ? { from: position + 1 } : { to: position, direction: 'backward' as const }
      const [event] = await store.topic(topic).read({ ...query, limit: 1 })
      return event ?? null
    },
    async eventAt(sequence) {
      const [event] = await store.read({ to: sequence + 1, direction: 'backward', limit: 1 })
      return event ?? null
    },
    async state(projection, at) {
      const { state, sequence } = await store.project(named(projection), at === null ? {} : { at })
      return { state, sequence }
    },
    async changes(projection, path, before, limit, signal) {
      const found: PathChange[] = []
      const options = { limit, ...(before !== null && { before }), ...(signal && { signal }) }
      for await (const hit of store.history(named(projection), path, options)) found.push(hit)
      return found
    },
    counters: (request) => countersOf(store.counters, connection, request),
    async memory(steps) {
      const { memoryOf } = await loadPart(() => import('./panel-memory.js'))
      return memoryOf(store, steps)
    },
    async health() {
      const [health, metrics] = await Promise.all([store.health(), store.metrics()])
      return { health, metrics, faults: [...shared.faults.recent] }
    },
    export: async ({ filter, before, format } = WHOLE, follow) => {
      const options = { format, ...(before !== null && { to: before }), ...follow }
      return startExport(handle, options, filter.all.length > 0 ? filter : undefined)
    },
    compact: () => store.compact(),
    import: (file, follow) => store.import(file, follow),
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
