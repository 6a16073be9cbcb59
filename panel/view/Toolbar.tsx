import type { JSX, RefObject } from 'preact'
import type { SearchProgress } from '../../src/protocol/panel-source.js'
import { formatCount, formatShort, formatSpan } from '../model/format.js'
import { Icon } from './Icon.js'
import type { FilterState } from './use-filter.js'

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
  producer: string | null
  readOnly: boolean
  link: LinkState
  filter: FilterState
  progress: SearchProgress | null
  searchbox: RefObject<HTMLInputElement | null>
  paused: boolean
  isExporting: boolean
  onPause(): void
  onExport(): void
  onClear(): void
}

export function Toolbar(props: ToolbarProps): JSX.Element {
  const { store, producer, link, paused } = props
  return (
    <header class="toolbar">
      <div class="identity">
        <span class="link" data-link={link}>
          <i class="link-dot" />
          {LINK_WORDS[link]}
        </span>
        <b class="store-name" title={store}>
          {store}
        </b>
        {producer !== null && (
          <span class="dim this-tab" title={`This tab: ${producer}`}>
            this tab <code>{producer.slice(0, 6)}</code>
          </span>
        )}
      </div>
      <FilterBox {...props} />
      <div class="actions">
        <button
          type="button"
          class="button"
          aria-label="Pause"
          aria-pressed={paused}
          title="Space in the log"
          onClick={props.onPause}
        >
          <Icon name={paused ? 'play' : 'pause'} />
          <span class="word">Pause</span>
        </button>
        <button type="button" class="button" aria-label="Export" disabled={props.isExporting} onClick={props.onExport}>
          <Icon name="export" />
          <span class="word">{props.isExporting ? 'Exporting…' : 'Export'}</span>
        </button>
        {!props.readOnly && (
          <button type="button" class="button" aria-label="Clear…" onClick={props.onClear}>
            <Icon name="clear" />
            <span class="word">Clear…</span>
          </button>
        )}
      </div>
    </header>
  )
}

function FilterBox({ filter, progress, searchbox }: ToolbarProps): JSX.Element {
  const { errors, range } = filter
  return (
    <div class="filter">
      <div class="filter-box" data-invalid={errors.length > 0}>
        <Icon name="search" />
        <input
          ref={searchbox}
          type="text"
          role="searchbox"
          aria-label="Filter"
          aria-invalid={errors.length > 0}
          aria-describedby="filter-errors"
          placeholder="Filter: topic:cart type:/paid$/ -type:tick data.amount>100 tab:me since:-5m"
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          value={filter.text}
          onInput={(event) => filter.setText(event.currentTarget.value)}
        />
        {range !== null && (
          <button type="button" class="chip" aria-label="Clear time range" onClick={() => filter.setRange(null)}>
            {formatSpan(range.since, range.until)}
            <Icon name="close" />
          </button>
        )}
        {filter.text !== '' && (
          <button
            type="button"
            class="button icon-only bare"
            aria-label="Clear filter text"
            onClick={() => filter.setText('')}
          >
            <Icon name="close" />
          </button>
        )}
      </div>
      <Matched progress={progress} />
    </div>
  )
}

function Matched({ progress }: { progress: SearchProgress | null }): JSX.Element {
  if (progress === null) return <span class="matched" />
  const { matches, total, scanned, done } = progress
  return (
    <span class="matched" title={`${formatCount(matches)} of ${formatCount(total)} events`}>
      <b>{formatCount(matches)}</b> of {formatShort(total)}
      {!done && total > 0 && <progress class="scan" aria-label="Searched so far" max={total} value={scanned} />}
    </span>
  )
}
