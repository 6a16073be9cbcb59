import type { JSX } from 'preact'
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { PanelSource } from '../../src/protocol/panel-source.js'
import { isBoolean, oneOf, orNull, type KeptState } from '../model/kept-state.js'
import { isMadeChanges, withChange } from '../model/made-changes.js'
import { VIEWS, type View } from '../model/panel-keys.js'
import { ChangeDialog, type StoreChange } from './ChangeDialog.js'
import { CountersView } from './CountersView.js'
import { ExportDialog } from './ExportDialog.js'
import { HealthView } from './HealthView.js'
import { HelpDialog } from './HelpDialog.js'
import { LogView } from './LogView.js'
import { MemoryView } from './MemoryView.js'
import { Notices } from './Notices.js'
import { onPanelKey } from './press-command.js'
import { settingsOf, THEMES } from './settings.js'
import { SnapshotView } from './SnapshotView.js'
import { StatusLine } from './StatusLine.js'
import { tabId } from './Tabs.js'
import type { LinkState } from './SourceMenu.js'
import { Toolbar } from './Toolbar.js'
import { ColorsContext, useColors } from './colors.js'
import { useAsked } from './use-asked.js'
import { useExport } from './use-export.js'
import { useFilter } from './use-filter.js'
import { useInspection } from './use-inspection.js'
import { useKept } from './use-kept.js'
import { usePolled } from './use-polled.js'
import { isAtHead, useLog, viewing } from './use-log.js'
import { useSearch, type SearchState } from './use-search.js'

export interface AppProps {
  source: PanelSource
  theme: 'auto' | 'light' | 'dark'
  kept: KeptState
  fileName: string | null
  /** Why a file could not be opened. */
  fileFault: unknown
  onFileFaultSeen(): void
  onOpenFile(file: File): void
  onCloseFile: (() => void) | null
}

/** How many tabs there are, and whether storing works, is told in every view. */
const HEALTH_EVERY_MS = 5_000

type Overlay = { is: 'help' } | { is: 'export' } | { is: 'change'; change: StoreChange }

export function App(props: AppProps): JSX.Element {
  const { source, kept } = props
  const [view, setView] = useKept<View>(kept, 'view', oneOf(VIEWS), 'Timeline')
  const [chosenTheme, setTheme] = useKept(kept, 'theme', orNull(oneOf(THEMES)), null)
  const theme = chosenTheme ?? props.theme
  const [changes, setChanges] = useKept(kept, 'changes', isMadeChanges, [])
  const [isDetailOpen, setDetailOpen] = useKept(kept, 'detail-open', isBoolean, false)
  const [paused, setPaused] = useState(false)
  const [overlay, setOverlay] = useState<Overlay | null>(null)
  const [fault, setFault] = useState<unknown>(null)
  const [said, setSaid] = useState<string | null>(null)
  const filter = useFilter(source.producer, kept)
  const state = useSearch(source, filter.filter, paused)
  const log = useLog(state.shown, kept, setFault)
  const exporting = useExport(source, setFault)
  const health = usePolled(() => source.health(), HEALTH_EVERY_MS, source).value?.health ?? null
  const overview = useAsked(() => source.overview(), [source]).value
  const colors = useColors(overview)
  const grid = useRef<HTMLDivElement>(null)
  const inspection = useInspection(source, source.projections, kept, (event) => {
    log.show(event)
    setDetailOpen(true)
    if (view !== 'Events') setView('Timeline')
  })
  const panel = useRef<HTMLDivElement>(null)
  const isMounted = useRef(false)
  // What had the focus may be gone with the view or pane it was in: the keys go on working.
  useEffect(() => {
    const { activeElement, body } = document
    if (isMounted.current && activeElement === body) panel.current?.focus()
    isMounted.current = true
  }, [view, inspection.tab, isDetailOpen])

  const togglePause = useCallback(() => setPaused((before) => !before), [])
  const { shown, live } = state
  const close = (): void => setOverlay(null)

  async function showAt(sequence: number): Promise<void> {
    try {
      const event = await source.eventAt(sequence)
      if (event !== null) inspection.show(event)
    } catch (error) {
      setFault(error)
    }
  }

  // What runs already is shown, and can be cancelled there.
  function exportShown(): void {
    if (exporting.isExporting) setOverlay({ is: 'export' })
    else exporting.start({ filter: filter.asWritten, before: null, format: 'json' })
  }

  const compact = source.readOnly ? null : (): void => setOverlay({ is: 'change', change: { what: 'compact' } })
  const settings = settingsOf({ theme: chosenTheme, setTheme, store: source.store, compact })
  const link = linkState(source, state, paused)
  const others = health === null ? 0 : health.tabs - 1
  const { isExporting } = exporting
  const { fileName, onOpenFile, onCloseFile } = props
  const latestExport = useRef(exportShown)
  latestExport.current = exportShown
  // Not drawn anew with every row that is scrolled by.
  const toolbar = useMemo(
    () => (
      <Toolbar
        store={source.store}
        fileName={fileName}
        producer={source.producer}
        others={others}
        link={link}
        view={view}
        paused={paused}
        isExporting={isExporting}
        onView={setView}
        onPause={togglePause}
        onExport={() => latestExport.current()}
        onExportAs={() => setOverlay({ is: 'export' })}
        onOpenFile={onOpenFile}
        onCloseFile={onCloseFile}
        onImport={source.readOnly ? null : (file) => setOverlay({ is: 'change', change: { what: 'import', file } })}
        onClear={source.readOnly ? null : () => setOverlay({ is: 'change', change: { what: 'clear' } })}
        settings={settings}
        onHelp={() => setOverlay({ is: 'help' })}
      />
    ),
    [source, fileName, others, link, view, paused, isExporting, chosenTheme, onOpenFile, onCloseFile],
  )

  function goLive(): void {
    setPaused(false)
    log.goLive()
  }

  return (
    <ColorsContext.Provider value={colors}>
      <div
        ref={panel}
        class="panel"
        tabIndex={-1}
        data-theme={theme}
        data-view={view}
        onKeyDown={(event) => onPanelKey(event, grid.current)}
      >
        {toolbar}
        <Notices
          errors={filter.errors}
          text={filter.text}
          fault={fault ?? props.fileFault}
          said={said}
          onDismiss={() => {
            setFault(null)
            setSaid(null)
            props.onFileFaultSeen()
          }}
          health={health}
          lost={state.lost}
          onReconnect={state.reconnect}
        />
        <div
          class="view"
          data-lost={state.lost !== null}
          role="tabpanel"
          id="view"
          aria-labelledby={tabId('view', view)}
        >
          {(view === 'Timeline' || view === 'Events') && (
            <LogView
              hasLanes={view === 'Timeline'}
              state={state}
              filter={filter}
              log={log}
              grid={grid}
              inspection={inspection}
              overview={overview}
              kept={kept}
              theme={theme}
              isDetailOpen={isDetailOpen}
              setDetailOpen={setDetailOpen}
              onPause={togglePause}
              onFault={setFault}
            />
          )}
          {view === 'Snapshot' && (
            <SnapshotView
              inspection={inspection}
              kept={kept}
              head={shown?.progress.head ?? -1}
              selected={log.selected?.sequence ?? null}
              exporting={exporting}
            />
          )}
          {view === 'Counters' && <CountersView source={source} kept={kept} />}
          {view === 'Memory' && (
            <MemoryView source={source} head={shown?.progress.head ?? -1} onShow={(at) => void showAt(at)} />
          )}
          {view === 'Health' && <HealthView source={source} changes={changes} onMaintain={compact} />}
        </div>
        <StatusLine
          progress={live?.progress ?? null}
          viewing={viewing(log)}
          onJump={isAtHead(log) && !paused ? null : goLive}
        />
        {overlay?.is === 'help' && <HelpDialog onClose={close} />}
        {overlay?.is === 'export' && (
          <ExportDialog
            exporting={exporting}
            shown={filter}
            matches={live?.progress.matches ?? 0}
            total={live?.progress.total ?? 0}
            onClose={close}
          />
        )}
        {overlay?.is === 'change' && (
          <ChangeDialog
            source={source}
            change={overlay.change}
            isExporting={exporting.isExporting}
            onExport={() => exporting.start()}
            onDone={(done) => {
              setSaid(done)
              setChanges(withChange(changes, { time: Date.now(), said: done }))
            }}
            onClose={close}
          />
        )}
      </div>
    </ColorsContext.Provider>
  )
}

function linkState(source: PanelSource, { live, lost }: SearchState, paused: boolean): LinkState {
  if (lost !== null) return 'lost'
  if (paused) return 'paused'
  if (source.producer === null) return 'file'
  return live === null ? 'connecting' : 'live'
}
