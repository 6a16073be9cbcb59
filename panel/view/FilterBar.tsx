import type { JSX, RefObject } from 'preact'
import type { SearchProgress } from '../../src/protocol/panel-source.js'
import { formatCount, formatShort, formatSpan } from '../model/format.js'
import { Icon } from './Icon.js'
import { IconButton } from './IconButton.js'
import type { FilterState } from './use-filter.js'

export interface FilterBarProps {
  filter: FilterState
  progress: SearchProgress | null
  searchbox: RefObject<HTMLInputElement | null>
  onStep(step: 1 | -1): void
}

export function FilterBar({ filter, progress, searchbox, onStep }: FilterBarProps): JSX.Element {
  const { errors, range } = filter
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
