import type { JSX } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { StoredEvent } from '../../src/core/event.js'
import { compileFilter } from '../../src/fold/event-filter.js'
import type { EventFilter } from '../../src/protocol/event-filter.js'
import type { PanelOverview, PanelSource } from '../../src/protocol/panel-source.js'
import type { KeptState } from '../model/kept-state.js'
import type { Marks } from '../model/marks.js'
import { Lanes } from './Lanes.js'
import { Timeline } from './Timeline.js'
import type { TimeRange } from './use-filter.js'
import type { LiveSearch } from './use-search.js'
import { useViewport } from './use-viewport.js'

export interface TimelineAreaProps {
  hasLanes: boolean
  source: PanelSource
  /** Null until the store has told. */
  overview: PanelOverview | null
  kept: KeptState
  shown: LiveSearch | null
  /** Dragged out; null: all times. */
  range: TimeRange | null
  onRange(range: TimeRange | null): void
  /** What is searched for. */
  filter: EventFilter
  selected: StoredEvent | null
  onSelect(rank: number): void
  marks: Marks
  theme: string
  onFault(error: unknown): void
}

/** The overview of all matches and, below it, a lane for each topic or type in a part of the time. */
export function TimelineArea(props: TimelineAreaProps): JSX.Element {
  const { hasLanes, source, overview, kept, shown, range, onRange, filter, selected, onSelect, marks, theme, onFault } =
    props
  const progress = shown?.progress ?? null
  // Until the search is through, the whole log is shown rather than what was found of it so far.
  const extent = progress?.done === true ? progress : overview && extentOf(overview)
  const viewport = useViewport(kept, range?.since ?? extent?.since ?? null, range?.until ?? extent?.until ?? null)
  const names = useNames(source, filter, onFault)

  // Another stretch is looked at as a whole.
  const seenRange = useRef(range)
  useEffect(() => {
    if (seenRange.current !== range) viewport.fit()
    seenRange.current = range
  }, [range])

  function jumpTo(time: number): void {
    const since = progress?.since ?? null
    if (shown === null || since === null) return
    if (time <= since) return onSelect(0)
    shown.search.histogram(since, time, 1).then(([before = 0]) => onSelect(before), onFault)
  }

  return (
    <>
      <Timeline
        shown={shown}
        range={range}
        marker={selected?.time ?? null}
        brush={hasLanes && !viewport.isFit ? viewport.view : null}
        theme={theme}
        onRange={onRange}
        onBrush={viewport.set}
        onJump={onSelect}
        onFault={onFault}
      />
      {hasLanes && (
        <Lanes
          source={source}
          kept={kept}
          viewport={viewport}
          names={names}
          revision={progress?.revision ?? 0}
          selected={selected}
          marks={marks}
          onJump={jumpTo}
          onRange={onRange}
          onFault={onFault}
        />
      )}
    </>
  )
}

function extentOf({ topics }: PanelOverview): { since: number | null; until: number | null } {
  const first = topics.flatMap(({ firstTime }) => (firstTime === null ? [] : [firstTime]))
  const last = topics.flatMap(({ lastTime }) => (lastTime === null ? [] : [lastTime]))
  if (first.length === 0 || last.length === 0) return { since: null, until: null }
  return { since: Math.min(...first), until: Math.max(...last) }
}

type Names = { topics: string[] | null; types: string[] | null }

const ALL: Names = { topics: null, types: null }

/** What the filter says of topics and types; what it says of data the index of times does not know. */
function useNames(source: PanelSource, filter: EventFilter, onFault: (error: unknown) => void): Names {
  const [names, setNames] = useState<Names>(ALL)
  const key = JSON.stringify(filter.all.filter(({ is }) => is === 'topic' || is === 'type'))
  const compiled = useMemo(() => (key === '[]' ? null : compileFilter(filter)), [key])
  const has = (what: 'topic' | 'type'): boolean => filter.all.some(({ is }) => is === what)
  useEffect(() => {
    if (compiled === null) return setNames(ALL)
    let isOver = false
    source.overview().then(({ topics, types }) => {
      if (isOver) return
      setNames({
        topics: has('topic') ? topics.map(({ name }) => name).filter((name) => compiled.topic(name)) : null,
        types: has('type') ? types.filter((name) => compiled.type(name)) : null,
      })
    }, onFault)
    return () => {
      isOver = true
    }
  }, [source, compiled])
  return names
}
