import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { formatCount, plural } from '../model/format.js'
import { pathText } from '../model/path-text.js'
import { Answer } from './Answer.js'
import { ChangeRow } from './ChangeRow.js'
import { ProjectionPicker } from './ProjectionPicker.js'
import { useAsked } from './use-asked.js'
import type { Inspection } from './use-inspection.js'

const PAGE_CHANGES = 50

export function HistoryPane({ inspection, at }: { inspection: Inspection; at: number }): JSX.Element {
  const { source, projection, path } = inspection
  const [limit, setLimit] = useState(PAGE_CHANGES)
  const before = at + 1
  const asked = useAsked(
    (signal) => source.changes(projection, path, before, limit, signal),
    [source, projection, path, before, limit],
  )
  const changes = asked.value ?? []
  return (
    <div class="pane" data-stale={asked.isStale}>
      <div class="pane-bar">
        <ProjectionPicker inspection={inspection} />
        <code class="tree-path">{pathText(path)}</code>
      </div>
      <Answer asked={asked}>
        <p class="pane-note" aria-live="polite">
          {changes.length === 0
            ? `No event up to ${formatCount(at)} changed it.`
            : `Changed by ${plural(changes.length, 'event')}${changes.length < limit ? '' : ' or more'} up to ${formatCount(at)}, newest first.`}
        </p>
        <ul class="changes">
          {changes.map(({ event, change }) => (
            <ChangeRow
              key={event.sequence}
              change={change}
              title={`${formatCount(event.sequence)} ${event.topic}/${event.type}`}
              label="Show this event"
              onOpen={() => inspection.show(event)}
            />
          ))}
        </ul>
        {changes.length >= limit && (
          <button type="button" class="button small pane-more" onClick={() => setLimit(limit * 2)}>
            More
          </button>
        )}
      </Answer>
    </div>
  )
}
