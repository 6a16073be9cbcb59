import type { JSX } from 'preact'
import { useCallback, useRef, useState } from 'preact/hooks'
import type { PanelSource } from '../../src/protocol/panel-source.js'
import { lastTop, ranksInSight } from '../model/windowing.js'
import { ClearDialog } from './ClearDialog.js'
import { EmptyState, type EmptyReason } from './EmptyState.js'
import { EventDetail } from './EventDetail.js'
import { EventLog } from './EventLog.js'
import { Notices } from './Notices.js'
import { StatusLine } from './StatusLine.js'
import { Timeline } from './Timeline.js'
import { Toolbar, type LinkState } from './Toolbar.js'
import { useExport } from './use-export.js'
import { useFilter } from './use-filter.js'
import { useLog, type Log } from './use-log.js'
import { useSearch, type SearchState } from './use-search.js'

export interface AppProps {
  source: PanelSource
  theme: 'auto' | 'light' | 'dark'
}

export function App({ source, theme }: AppProps): JSX.Element {
  const [paused, setPaused] = useState(false)
  const [isDetailOpen, setDetailOpen] = useState(false)
  const [isClearing, setClearing] = useState(false)
  const [fault, setFault] = useState<unknown>(null)
  const filter = useFilter(source.producer)
  const state = useSearch(source, filter.filter, paused)
  const log = useLog(state.shown, setFault)
  const exporting = useExport(source, setFault)
  const searchbox = useRef<HTMLInputElement>(null)
  const grid = useRef<HTMLDivElement>(null)

  const { shown, live } = state
  const togglePause = useCallback(() => setPaused((before) => !before), [])

  function goLive(): void {
    setPaused(false)
    log.goLive()
  }

  function closeDetail(): void {
    setDetailOpen(false)
    // Below the width for two panes the log comes back into sight with the next drawing.
    requestAnimationFrame(() => grid.current?.focus())
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return
    event.preventDefault()
    searchbox.current?.focus()
    searchbox.current?.select()
  }

  const detail = isDetailOpen ? log.selected : null
  const empty = emptyReason(state)
  const canStep = log.cursor !== null
  return (
    <div class="panel" data-theme={theme} data-detail={detail !== null} onKeyDown={onKeyDown}>
      <Toolbar
        store={source.store}
        producer={source.producer}
        readOnly={source.readOnly}
        link={linkState(source, state, paused)}
        filter={filter}
        progress={shown?.progress ?? null}
        searchbox={searchbox}
        paused={paused}
        isExporting={exporting.isExporting}
        onPause={togglePause}
        onExport={exporting.start}
        onClear={() => setClearing(true)}
      />
      <Notices
        errors={filter.errors}
        text={filter.text}
        fault={fault}
        onDismiss={() => setFault(null)}
        lost={state.lost}
        onReconnect={state.reconnect}
      />
      <Timeline
        shown={shown}
        range={filter.range}
        marker={log.selected?.time ?? null}
        theme={theme}
        onRange={filter.setRange}
        onJump={log.select}
        onFault={setFault}
      />
      <main class="panes">
        <div class="log-pane">
          <EventLog log={log} grid={grid} onOpen={() => setDetailOpen(true)} onPause={togglePause} />
          {empty !== null && <EmptyState reason={empty} store={source.store} onClearFilter={filter.clear} />}
        </div>
        {detail !== null && (
          <EventDetail
            event={detail}
            producer={source.producer}
            onPrevious={canStep && log.cursor !== 0 ? () => log.select((log.cursor ?? 0) - 1) : null}
            onNext={canStep && log.cursor !== log.extent.rows - 1 ? () => log.select((log.cursor ?? 0) + 1) : null}
            onClose={closeDetail}
          />
        )}
      </main>
      <StatusLine
        progress={live?.progress ?? null}
        viewing={viewing(log)}
        onJump={isAtHead(log) && !paused ? null : goLive}
      />
      {isClearing && (
        <ClearDialog
          source={source}
          isExporting={exporting.isExporting}
          onExport={exporting.start}
          onClose={() => setClearing(false)}
        />
      )}
    </div>
  )
}

function linkState(source: PanelSource, { live, lost }: SearchState, paused: boolean): LinkState {
  if (lost !== null) return 'lost'
  if (paused) return 'paused'
  if (source.producer === null) return 'file'
  return live === null ? 'connecting' : 'live'
}

function emptyReason({ shown }: SearchState): EmptyReason | null {
  if (shown === null || !shown.progress.done || shown.progress.matches > 0) return null
  return shown.progress.total === 0 ? 'empty' : 'no-match'
}

function viewing({ selected, rows, extent, top }: Log): Parameters<typeof StatusLine>[0]['viewing'] {
  const { first, count } = ranksInSight(top, extent)
  if (selected !== null) return selected
  for (let rank = first + count - 1; rank >= first; rank--) {
    const event = rows.get(rank)
    if (event !== undefined) return event
  }
  return null
}

function isAtHead({ following, top, extent }: Log): boolean {
  return following || top >= lastTop(extent)
}

function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath()
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement
}
