import type { JSX, RefObject } from 'preact'
import { useMemo, useRef } from 'preact/hooks'
import type { PanelOverview } from '../../src/protocol/panel-source.js'
import { withoutType } from '../model/filter-language.js'
import { isNumber, type KeptState } from '../model/kept-state.js'
import { EmptyState, type EmptyReason } from './EmptyState.js'
import { EventDetail } from './EventDetail.js'
import { EventLog } from './EventLog.js'
import { FilterBar } from './FilterBar.js'
import { SelectedCommands } from './SelectedCommands.js'
import { TimelineArea } from './TimelineArea.js'
import { Splitter } from './Splitter.js'
import type { FilterState } from './use-filter.js'
import type { Inspection } from './use-inspection.js'
import { useKept } from './use-kept.js'
import { useSize } from './use-size.js'
import type { Log } from './use-log.js'
import type { SearchState } from './use-search.js'

/** Percent of the width; of the height where there is no room for both side by side. */
const DETAIL_WIDTH = 38
const DETAIL_HEIGHT = 50
const STACKED_BELOW_PX = 900

export interface LogViewProps {
  hasLanes: boolean
  state: SearchState
  filter: FilterState
  log: Log
  grid: RefObject<HTMLDivElement | null>
  inspection: Inspection
  overview: PanelOverview | null
  kept: KeptState
  theme: string
  isDetailOpen: boolean
  setDetailOpen(open: boolean): void
  onPause(): void
  onFault(error: unknown): void
}

/** Filter, timeline, log and detail. */
export function LogView(props: LogViewProps): JSX.Element {
  const { state, filter, log, grid, inspection, isDetailOpen, setDetailOpen, onFault } = props
  const searchbox = useRef<HTMLInputElement>(null)
  const detail = isDetailOpen ? log.selected : null
  const empty = emptyReason(state)
  const { cursor } = log
  const panes = useRef<HTMLDivElement>(null)
  const { width } = useSize(panes)
  const isStacked = width > 0 && width < STACKED_BELOW_PX
  const [sideShare, setSideShare] = useKept(props.kept, 'detail-share', isNumber, DETAIL_WIDTH)
  const [lowerShare, setLowerShare] = useKept(props.kept, 'detail-height', isNumber, DETAIL_HEIGHT)
  const [share, setShare] = isStacked ? [lowerShare, setLowerShare] : [sideShare, setSideShare]

  function closeDetail(): void {
    setDetailOpen(false)
    // Below the width for two panes the log comes back into sight with the next drawing.
    requestAnimationFrame(() => grid.current?.focus())
  }

  function step(by: 1 | -1): void {
    log.select(cursor === null ? (by > 0 ? 0 : log.extent.rows - 1) : cursor + by)
  }

  function stepInTopic(by: 1 | -1): void {
    const { selected } = log
    if (selected === null) return
    inspection.source.neighbour(selected.topic, selected.position, by).then((event) => {
      if (event !== null) log.show(event)
    }, onFault)
  }

  const { range, setRange } = filter
  const { hasLanes, overview, kept, theme } = props
  const { source, marks } = inspection
  // Not drawn anew while the log is scrolled.
  const timeline = useMemo(
    () => (
      <TimelineArea
        hasLanes={hasLanes}
        source={source}
        overview={overview}
        kept={kept}
        shown={state.shown}
        range={range}
        onRange={setRange}
        filter={filter.filter}
        selected={log.selected}
        onSelect={log.select}
        marks={marks}
        theme={theme}
        onFault={onFault}
      />
    ),
    [hasLanes, source, overview, kept, state.shown, range, filter.filter, log.selected, marks, theme, onFault],
  )

  const progress = state.shown?.progress ?? null
  const latest = useRef({ step, rows: log.rows })
  latest.current = { step, rows: log.rows }
  const filterBar = useMemo(
    () => (
      <FilterBar
        source={source}
        filter={filter}
        progress={progress}
        searchbox={searchbox}
        loaded={() => latest.current.rows.loaded()}
        onStep={(by) => latest.current.step(by)}
      />
    ),
    [source, filter, progress],
  )

  return (
    <>
      {filterBar}
      {timeline}
      {/* WebKit does not always look at :has() again inside of a container query. */}
      <div ref={panes} class="panes" data-detail={detail !== null} style={{ '--share': `${share}%` }}>
        <div class="log-pane">
          <EventLog log={log} grid={grid} onOpen={() => setDetailOpen(true)} onPause={props.onPause} />
          {empty !== null && <EmptyState reason={empty} store={inspection.source.store} onClearFilter={filter.clear} />}
        </div>
        {detail !== null && <Splitter share={share} isStacked={isStacked} onShare={setShare} />}
        {detail !== null && (
          <EventDetail
            event={detail}
            inspection={inspection}
            onPrevious={cursor !== null && cursor > 0 ? () => step(-1) : null}
            onNext={cursor !== null && cursor < log.extent.rows - 1 ? () => step(1) : null}
            onStep={stepInTopic}
            onHideType={() => filter.setText(withoutType(filter.text, detail.type))}
            onClose={closeDetail}
          />
        )}
      </div>
      {log.selected !== null && (
        <SelectedCommands
          event={log.selected}
          inspection={inspection}
          isDetailOpen={detail !== null}
          onStep={stepInTopic}
          onOpenDetail={() => setDetailOpen(true)}
        />
      )}
    </>
  )
}

function emptyReason({ shown }: SearchState): EmptyReason | null {
  if (shown === null || shown.progress.matches > 0) return null
  if (!shown.progress.done) return 'searching'
  return shown.progress.total === 0 ? 'empty' : 'no-match'
}
