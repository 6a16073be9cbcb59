import type { JSX, RefObject } from 'preact'
import type { StoredEvent } from '../../src/core/event.js'
import type { PanelSource, SearchProgress } from '../../src/protocol/panel-source.js'
import { formatCount, formatShort, formatSpan } from '../model/format.js'
import { CompletionList, completionId } from './CompletionList.js'
import { Icon } from './Icon.js'
import { IconButton } from './IconButton.js'
import { useCompletion } from './use-completion.js'
import type { FilterState } from './use-filter.js'

const LIST_ID = 'filter-completions'

export interface FilterBarProps {
  source: PanelSource
  filter: FilterState
  progress: SearchProgress | null
  searchbox: RefObject<HTMLInputElement | null>
  /** Events that are here, for the paths in them. */
  loaded(): Iterable<StoredEvent>
  onStep(step: 1 | -1): void
}

export function FilterBar({ source, filter, progress, searchbox, loaded, onStep }: FilterBarProps): JSX.Element {
  const { errors, range } = filter
  const completing = useCompletion(source, searchbox, filter.setText, loaded)
  const { items, active } = completing
  return (
    <div class="filter">
      <div class="filter-box" data-invalid={errors.length > 0}>
        <Icon name="search" />
        <input
          ref={searchbox}
          type="text"
          role="searchbox"
          data-command="filter"
          aria-label="Filter"
          aria-invalid={errors.length > 0}
          aria-describedby="filter-errors"
          placeholder="Filter: topic:cart type:/paid$/ -type:tick data.amount>100 tab:me since:-5m"
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          aria-autocomplete="list"
          aria-controls={items.length > 0 ? LIST_ID : undefined}
          aria-activedescendant={active < 0 ? undefined : completionId(LIST_ID, active)}
          value={filter.text}
          onInput={(event) => {
            filter.setText(event.currentTarget.value)
            completing.look()
          }}
          onFocus={completing.look}
          onClick={completing.look}
          onBlur={completing.close}
          onKeyDown={(event) => {
            if (!event.ctrlKey && !event.metaKey && !event.altKey && completing.press(event.key)) event.preventDefault()
          }}
        />
        {items.length > 0 && <CompletionList id={LIST_ID} items={items} active={active} onChoose={completing.choose} />}
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
      <div class="steps">
        <IconButton label="Previous match" icon="up" command="previous-match" kind="bare" onPress={() => onStep(-1)} />
        <IconButton label="Next match" icon="down" command="next-match" kind="bare" onPress={() => onStep(1)} />
      </div>
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
