import type { ExportOptions } from '../core/store.js'
import type { EventFilter } from '../protocol/event-filter.js'
import { requestFor } from '../protocol/writer-api.js'
import type { Handle } from './handle.js'
import { loadPart } from './load-part.js'

/** What is committed from now on is not in the file, however long it takes to load what writes it. */
export async function startExport(handle: Handle, options: ExportOptions, filter?: EventFilter): Promise<Blob> {
  const start = handle.ask(requestFor({ limit: 0 }))
  start.catch(() => {})
  const { exportStore } = await loadPart(() => import('./export.js'))
  return exportStore(handle, options, start, filter)
}
