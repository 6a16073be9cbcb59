import type { JSX } from 'preact'
import { formatCount, plural } from '../model/format.js'
import { VIEWS, type View } from '../model/panel-keys.js'
import { Icon } from './Icon.js'
import { IconButton } from './IconButton.js'
import { Menu, type MenuItem } from './Menu.js'
import { SourceMenu, type LinkState } from './SourceMenu.js'
import { Tabs } from './Tabs.js'

export interface ToolbarProps {
  store: string
  fileName: string | null
  producer: string | null
  /** Tabs of the app beside this one. */
  others: number
  link: LinkState
  view: View
  paused: boolean
  isExporting: boolean
  onView(view: View): void
  onPause(): void
  onExport(): void
  onExportAs(): void
  onOpenFile(file: File): void
  /** Null: there is no live store to go back to. */
  onCloseFile: (() => void) | null
  /** Null: the source only reads. */
  onImport: ((file: File) => void) | null
  onClear: (() => void) | null
  settings: readonly MenuItem[]
  onHelp(): void
}

export function Toolbar(props: ToolbarProps): JSX.Element {
  const { store, fileName, producer, others, link, view, paused } = props
  return (
    <header class="toolbar">
      <div class="identity">
        <SourceMenu
          link={link}
          store={store}
          fileName={fileName}
          onOpenFile={props.onOpenFile}
          onImport={props.onImport}
          onCloseFile={props.onCloseFile}
        />
        <b class="store-name" title={fileName ?? store}>
          {store}
        </b>
        {producer !== null && (
          <span class="dim this-tab" title={`This tab: ${producer}`}>
            this tab <code>{producer.slice(0, 6)}</code>
            {others > 0 && <span title={`${plural(others, 'other tab')}`}> +{formatCount(others)}</span>}
          </span>
        )}
        {props.onCloseFile !== null && (
          <button type="button" class="button small" onClick={props.onCloseFile}>
            Close file
          </button>
        )}
      </div>
      <Tabs label="Views" tabs={VIEWS} selected={view} panelId="view" onSelect={props.onView} />
      <div class="actions">
        <button
          type="button"
          class="button"
          data-command="pause"
          aria-label="Pause"
          aria-pressed={paused}
          title="Pause (Space)"
          onClick={props.onPause}
        >
          <Icon name={paused ? 'play' : 'pause'} />
          <span class="word">Pause</span>
        </button>
        <button
          type="button"
          class="button"
          data-command="export"
          aria-label={props.isExporting ? 'Exporting…' : 'Export'}
          title="Export what is shown as JSON (E)"
          onClick={props.onExport}
        >
          <Icon name="export" />
          <span class="word">{props.isExporting ? 'Exporting…' : 'Export'}</span>
        </button>
        <IconButton label="Export as…" icon="down" command="export-as" onPress={props.onExportAs} />
        {props.onClear !== null && (
          <button type="button" class="button" aria-label="Clear…" title="Clear…" onClick={props.onClear}>
            <Icon name="clear" />
            <span class="word">Clear…</span>
          </button>
        )}
        <Menu label="Settings" title="Settings" icon="settings" items={props.settings} />
        <IconButton label="Keys" icon="help" command="help" onPress={props.onHelp} />
      </div>
    </header>
  )
}
