import { useEffect, useRef, useState } from 'preact/hooks'
import type { PanelSearch } from '../../src/protocol/panel-source.js'
import { LatestWins } from '../model/latest-wins.js'
import type { TimeView } from '../model/time-view.js'

const REFRESH_GAP_MS = 250

export interface Histogram {
  view: TimeView
  counts: Uint32Array
}

/** The counts for the view, kept until those for the next view are there; asked for at most four times a second. */
export function useHistogram(
  search: PanelSearch | null,
  revision: number,
  view: TimeView | null,
  onFault: (error: unknown) => void,
): Histogram | null {
  const [histogram, setHistogram] = useState<Histogram | null>(null)
  const current = useRef(search)
  current.current = search
  const queue = useRef<LatestWins | null>(null)

  useEffect(() => {
    const latest = new LatestWins(REFRESH_GAP_MS, onFault)
    queue.current = latest
    return () => latest.close()
  }, [onFault])

  useEffect(() => {
    if (search === null || view === null) {
      setHistogram(null)
      return
    }
    queue.current?.ask(async () => {
      if (current.current !== search) return
      try {
        const counts = await search.histogram(view.since, view.until, view.buckets)
        if (current.current === search) setHistogram({ view, counts })
      } catch (error) {
        // A search that was closed meanwhile may refuse; nobody waits for it.
        if (current.current === search) throw error
      }
    })
  }, [search, revision, view?.since, view?.until, view?.buckets])

  return view === null ? null : histogram
}
