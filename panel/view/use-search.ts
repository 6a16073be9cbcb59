import { useEffect, useRef, useState } from 'preact/hooks'
import type { EventFilter } from '../../src/protocol/event-filter.js'
import type { PanelSearch, PanelSource, SearchProgress } from '../../src/protocol/panel-source.js'
import { followSearch } from '../model/follow-search.js'

export interface LiveSearch {
  search: PanelSearch
  progress: SearchProgress
}

const FIRST_RETRY_MS = 1000
const LONGEST_RETRY_MS = 15_000

export interface SearchState {
  /** What the search last said; null until the first answer ever. */
  live: LiveSearch | null
  /** What to draw: the same, held still while paused. */
  shown: LiveSearch | null
  /** Set when the source ended the search by itself: it is asked again, ever less often. */
  lost: Lost | null
  reconnect(): void
}

export interface Lost {
  error: unknown
  /** How often it has failed in a row. */
  attempts: number
}

// The search for the filter before stays open and shown until the next one has its first answer.
export function useSearch(source: PanelSource, filter: EventFilter, paused: boolean): SearchState {
  const [live, setLive] = useState<LiveSearch | null>(null)
  const [lost, setLost] = useState<Lost | null>(null)
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
        setLost((before) => ({ error, attempts: (before?.attempts ?? 0) + 1 }))
      },
    })
    return () => {
      if (!isShown) stop()
    }
  }, [source, filter, attempt])
  useEffect(() => () => stopShown.current(), [])
  useEffect(() => {
    if (lost === null) return
    const waitMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (lost.attempts - 1))
    const timer = setTimeout(() => setAttempt((count) => count + 1), waitMs)
    return () => clearTimeout(timer)
  }, [lost])

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
