import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import { VIEWS, type View } from '../model/panel-keys.js'
import { Icon } from './Icon.js'
import { IconButton } from './IconButton.js'
import { Tabs } from './Tabs.js'

export type LinkState = 'connecting' | 'live' | 'paused' | 'file' | 'lost'

const LINK_WORDS: Record<LinkState, string> = {
  connecting: 'Connecting',
  live: 'Live',
  paused: 'Paused',
  file: 'File',
  lost: 'Disconnected',
}

export interface ToolbarProps {
  store: string
  fileName: string | null
  producer: string | null
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
  onHelp(): void
}

export function Toolbar(props: ToolbarProps): JSX.Element {
  const { store, fileName, producer, link, view, paused } = props
  return (
    <header class="toolbar">
      <div class="identity">
        <span class="link" data-link={link}>
          <i class="link-dot" />
          {LINK_WORDS[link]}
        </span>
        <b class="store-name" title={fileName ?? store}>
          {store}
        </b>
        {producer !== null && (
          <span class="dim this-tab" title={`This tab: ${producer}`}>
            this tab <code>{producer.slice(0, 6)}</code>
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
          aria-label="Export"
          title="Export what is shown as JSON (E)"
          onClick={props.onExport}
        >
          <Icon name="export" />
          <span class="word">{props.isExporting ? 'Exporting…' : 'Export'}</span>
        </button>
        <IconButton label="Export as…" icon="down" command="export-as" onPress={props.onExportAs} />
        <FileButton label="Open file" title="Open an exported file, to read" onChoose={props.onOpenFile} />
        {props.onImport !== null && (
          <FileButton label="Import…" title="Add the events of an exported file" onChoose={props.onImport} />
        )}
        {props.onClear !== null && (
          <button type="button" class="button" aria-label="Clear…" title="Clear…" onClick={props.onClear}>
            <Icon name="clear" />
            <span class="word">Clear…</span>
          </button>
        )}
        <IconButton label="Keys" icon="help" command="help" onPress={props.onHelp} />
      </div>
    </header>
  )
}

interface FileButtonProps {
  label: 'Open file' | 'Import…'
  title: string
  onChoose(file: File): void
}

function FileButton({ label, title, onChoose }: FileButtonProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <button
        type="button"
        class="button icon-only"
        aria-label={label}
        title={title}
        onClick={() => input.current?.click()}
      >
        <Icon name={label === 'Open file' ? 'file' : 'plus'} />
      </button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={`${label}: which`}
        accept=".json,.ndjson,application/json"
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? []
          event.currentTarget.value = ''
          if (file !== undefined) onChoose(file)
        }}
      />
    </>
  )
}
