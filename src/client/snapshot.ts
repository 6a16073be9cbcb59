import { dispose } from '../core/dispose.js'
import type { StoredEvent } from '../core/event.js'
import { storeError } from '../core/fault.js'
import type { Snapshot, StoreQuery } from '../core/store.js'
import type { ReadRequest, SnapshotInfo } from '../protocol/writer-api.js'
import { withSignal, type Handle } from './handle.js'
import { loadPart } from './load-part.js'
import { toRequest } from './query.js'
import { readAll, streamPages } from './reading.js'

const PAGE_EVENTS = 1_000

/** A snapshot that the writer has opened. */
export function createSnapshot(handle: Handle, first: SnapshotInfo, topics: readonly string[] | null): Snapshot {
  const { connection } = handle.shared
  let info = first
  let open = true

  // Erased events leave it too.
  const refresh = async (): Promise<SnapshotInfo> => {
    assertOpen()
    info = await connection.call('snapshotInfo', info.id)
    return info
  }
  const assertOpen = (): void => {
    handle.assertOpen()
    if (!open) throw storeError('closed', 'This snapshot is closed: take a new one with store.snapshot().')
  }
  const ask = async (request: ReadRequest) => {
    assertOpen()
    return connection.call('read', { ...request, snapshot: info.id })
  }
  const close = (): void => {
    if (!open) return
    open = false
    handle.snapshots.delete(refresh)
    handle.closers.delete(close)
    if (!handle.isClosed) connection.call('snapshotClose', info.id).catch(() => {})
  }
  handle.snapshots.add(refresh)
  handle.closers.add(close)

  async function* stream(query: StoreQuery & { pageSize?: number } = {}): AsyncGenerator<StoredEvent> {
    const { pageSize = PAGE_EVENTS, signal } = query
    for await (const page of streamPages(ask, toRequest(query, null), pageSize, signal)) yield* page
  }

  return {
    get sequence() {
      return info.sequence
    },
    get time() {
      return info.time
    },
    get count() {
      return info.count
    },
    topics: async () => (await refresh()).topics,
    read: async (query = {}) => withSignal(query.signal, readAll(ask, toRequest(query, null), query.signal)),
    stream,
    async project(projection) {
      assertOpen()
      const { projectSnapshot } = await loadPart(() => import('./project.js'))
      return projectSnapshot({ ask, connection, snapshot: info.id, topics }, projection)
    },
    async toBlob() {
      const { sequence, topics, count } = await refresh()
      const { exportJson } = await loadPart(() => import('./export-json.js'))
      return exportJson(ask, {
        store: handle.name,
        exportedAt: Date.now(),
        sequence,
        topics,
        request: toRequest({}, null),
        total: count,
      })
    },
    close,
    [dispose]: close,
  }
}
