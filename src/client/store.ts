import { asyncDispose } from '../core/dispose.js'
import type { StoredEvent } from '../core/event.js'
import type { ImportOptions, Store, StoreQuery, SubscribeOptions } from '../core/store.js'
import { PANEL_SOURCE, type PanelSourceMaker } from '../protocol/panel-source.js'
import { assertTopicName, ofType } from './check.js'
import { assertCount, assertQuery } from './check-query.js'
import { withSignal, type Handle } from './handle.js'
import { loadPart } from './load-part.js'
import { panelSourceOf } from './lazy-panel-source.js'
import { toRequest } from './query.js'
import { readAll, streamPages } from './reading.js'
import { subscription, type Delivery } from './subscription.js'
import { startExport } from './start-export.js'
import { producerId, sessionId } from './this-tab.js'
import { createTopic, startOf } from './topic.js'

const PAGE_EVENTS = 1_000

export type PanelledStore = Store & { [PANEL_SOURCE]: PanelSourceMaker }

/** `leave` pays back the handle's share of the tab's connection. */
export function createStore(handle: Handle, leave: () => void): PanelledStore {
  const { counters } = handle
  const { connection, outbox, faults, witness } = handle.shared
  const ask = handle.ask
  const askSealed = <T>(work: () => Promise<T>): Promise<T> => {
    handle.assertOpen()
    outbox.seal()
    return work()
  }

  const store: PanelledStore = {
    name: handle.name,
    producer: producerId(),
    session: sessionId(),
    topic(name) {
      assertTopicName(name)
      return createTopic(handle, name)
    },
    topics: async () => askSealed(() => connection.call('topics')),
    async read(query: StoreQuery = {}) {
      return withSignal(query.signal, readAll(ask, toRequest(query, null), query.signal))
    },
    async *stream(query = {}) {
      const { pageSize = PAGE_EVENTS, signal } = query
      for await (const page of streamPages(ask, toRequest(query, null), pageSize, signal)) yield* page
    },
    async count(query: StoreQuery = {}) {
      const request = toRequest(query, null)
      return withSignal(
        query.signal,
        askSealed(() => connection.call('count', request)),
      )
    },
    flush: async () => handle.flush(),
    subscribe(
      handler: (events: StoredEvent[]) => void,
      { from = 'live', types, topics, signal, onRemoved }: SubscribeOptions & { topics?: string[] } = {},
    ) {
      const first = startOf(from)
      const query = {
        ...(types ? { types } : {}),
        ...(topics ? { topics } : {}),
        ...(first === 'live' ? {} : { from: first }),
      }
      return handle.follow(
        { request: toRequest(query, null), unit: 'sequence', from: first, onRemoved },
        handler,
        signal,
      )
    },
    async snapshot({ at, topics } = {}) {
      handle.assertOpen()
      if (at !== undefined) assertCount('at', at)
      assertQuery(topics === undefined ? {} : { topics })
      outbox.seal()
      const opening = connection.call('snapshotOpen', at ?? null, topics ?? null)
      opening.catch(() => {})
      const { createSnapshot } = await loadPart(() => import('./snapshot.js'))
      return createSnapshot(handle, await opening, topics ?? null)
    },
    async timeline(options) {
      handle.assertOpen()
      outbox.seal()
      const { timelineOf } = await loadPart(() => import('./timeline.js'))
      return timelineOf(handle, options)
    },
    async project(projection, options) {
      handle.assertOpen()
      handle.note(projection)
      outbox.seal()
      const { projectLog } = await loadPart(() => import('./project.js'))
      return projectLog(handle, projection, options)
    },
    async *history(projection, path, options) {
      handle.note(projection)
      const { historyOf } = await loadPart(() => import('./history.js'))
      yield* historyOf(handle, projection, path, options)
    },
    observe(projection, handler, { signal } = {}) {
      handle.assertOpen()
      handle.note(projection)
      outbox.seal()
      const run = async (delivery: Delivery): Promise<void> => {
        const { observeLog } = await loadPart(() => import('./observe.js'))
        return observeLog(handle, projection, handler, delivery)
      }
      return handle.keep(subscription(0, run, signal))
    },
    compact: async () => askSealed(() => connection.call('compact')),
    async erase(query) {
      const request = toRequest(query, null)
      handle.assertOpen()
      const erased = await outbox.erase(request)
      await Promise.allSettled(Array.from(handle.snapshots, (refresh) => refresh()))
      return { erased }
    },
    counters,
    async clear(options = {}) {
      handle.assertOpen()
      ofType('counters', options.counters, 'boolean')
      await Promise.all([outbox.clear(null), options.counters && counters.clear()])
    },
    export: async (options = {}) => startExport(handle, options),
    async import(file: Blob, options: ImportOptions = {}) {
      handle.assertOpen()
      outbox.seal()
      const { importFile } = await loadPart(() => import('./import.js'))
      return importFile(handle, file, options)
    },
    metrics: async () => askSealed(() => connection.call('metrics', outbox.takeTally())),
    async health() {
      handle.assertOpen()
      const health = await connection.call('health')
      // Of the writer that answered: it may not be the one that was asked.
      const { link, reason } = connection.route
      return {
        ...health,
        host: link.host,
        reason,
        state: link.storageFault && health.state === 'ok' ? 'degraded' : health.state,
        durability: health.durability === 'memory' ? 'memory' : handle.durability,
        fault: health.fault ?? link.storageFault,
      }
    },
    faults,
    async close() {
      if (handle.isClosed) return
      outbox.seal()
      const flushed = connection.call('flush')
      const persisted = outbox.command('markClean', [])
      persisted.catch(() => {})
      handle.close()
      try {
        await flushed
        await persisted
        await witness.settle()
      } finally {
        leave()
      }
    },
    [asyncDispose]: () => store.close(),
    [PANEL_SOURCE]: (projections) => panelSourceOf(handle, store, projections),
  }
  return store
}
