import type { EventFilter } from '../../src/protocol/event-filter.js'
import type { PanelSearch, PanelSource, SearchProgress } from '../../src/protocol/panel-source.js'

export interface SearchListener {
  onProgress(search: PanelSearch, progress: SearchProgress): void
  /** The source ended the search, or failed: an error, or null where it gave no reason. Never after `stop`. */
  onEnd(error: unknown): void
}

// Opens a search and keeps exactly one question outstanding until stopped. Stopping closes the search, also one that
// is only just opening. The source paces the answers; nothing here waits.
export function followSearch(source: PanelSource, filter: EventFilter, listener: SearchListener): () => void {
  let stopped = false
  let search: PanelSearch | null = null

  async function follow(): Promise<void> {
    try {
      search = await source.search(filter)
      let after = -1
      while (!isStopped()) {
        const progress = await search.progress(after)
        if (isStopped()) return
        if (progress === null) {
          listener.onEnd(null)
          return
        }
        after = progress.revision
        listener.onProgress(search, progress)
      }
      search.close()
    } catch (error) {
      if (!isStopped()) listener.onEnd(error)
    }
  }

  // A function, since control-flow analysis would take `stopped` for false throughout.
  function isStopped(): boolean {
    return stopped
  }

  void follow()
  return () => {
    if (stopped) return
    stopped = true
    search?.close()
  }
}
