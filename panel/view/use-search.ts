import { useEffect, useRef, useState } from 'preact/hooks'
import type { EventFilter } from '../../src/protocol/event-filter.js'
import type { PanelSearch, PanelSource, SearchProgress } from '../../src/protocol/panel-source.js'
import { followSearch } from '../model/follow-search.js'

export interface LiveSearch {
  search: PanelSearch
  progress: SearchProgress
}

export interface SearchState {
  /** What the search last said; null until the first answer ever. */
  live: LiveSearch | null
  /** What to draw: the same, held still while paused. */
  shown: LiveSearch | null
  /** Set when the source ended the search by itself. */
  lost: { error: unknown } | null
  reconnect(): void
}

// The search for the filter before stays open and shown until the next one has its first answer.
export function useSearch(source: PanelSource, filter: EventFilter, paused: boolean): SearchState {
  const [live, setLive] = useState<LiveSearch | null>(null)
  const [lost, setLost] = useState<{ error: unknown } | null>(null)
  const [attempt, setAttempt] = useState(0)
  const stopShown = useRef<() => void>(() => {})
  const held = useRef<LiveSearch | null>(null)

  useEffect(() => {
    let isShown = false
    const stop = followSearch(source, filter, {
      onProgress(search, progress) {
        if (!isShown) {
          isShown = true
          stopShown.current()
          stopShown.current = stop
          setLost(null)
        }
        setLive({ search, progress })
      },
      onEnd(error) {
        setLost({ error })
      },
    })
    return () => {
      if (!isShown) stop()
    }
  }, [source, filter, attempt])
  useEffect(() => () => stopShown.current(), [])

  // A pause holds a finished picture: a new filter, or a cleared log, is still followed to its end.
  const before = held.current
  const holds =
    paused &&
    before !== null &&
    live !== null &&
    before.search === live.search &&
    before.progress.done &&
    before.progress.generation === live.progress.generation
  if (!holds) held.current = live

  return { live, shown: held.current, lost, reconnect: () => setAttempt((count) => count + 1) }
}
