import type { ReadableStore, StoreExport } from '../core/store.js'
import { loadPart } from './load-part.js'

/** Opens an exported file read-only: the same reading, no database; it never touches a living store. */
export async function openExport(file: Blob | StoreExport): Promise<ReadableStore> {
  const { openArchiveStore } = await loadPart(() => import('./archive-store.js'))
  return openArchiveStore(file)
}
