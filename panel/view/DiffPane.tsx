import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Change } from '../../src/core/projection.js'
import { diff } from '../../src/fold/diff.js'
import type { Path } from '../../src/protocol/panel-source.js'
import { faultText } from '../model/fault-text.js'
import { formatCount, plural } from '../model/format.js'
import type { Mark } from '../model/marks.js'
import { Answer } from './Answer.js'
import { ChangeRow } from './ChangeRow.js'
import { ProjectionPicker } from './ProjectionPicker.js'
import { useAsked } from './use-asked.js'
import type { Inspection } from './use-inspection.js'

/** More are counted, not drawn. */
const MOST_ROWS = 500

export function DiffPane({ inspection }: { inspection: Inspection }): JSX.Element {
  const { marks, source, projection } = inspection
  const [from, to] = inOrder(marks.a, marks.b)
  const [fault, setFault] = useState<unknown>(null)
  const asked = useAsked<Change[]>(
    from === null || to === null
      ? null
      : async () => {
          const before = await source.state(projection, from.sequence)
          const after = await source.state(projection, to.sequence)
          return diff(before.state, after.state)
        },
    [source, projection, from?.sequence, to?.sequence],
  )
  const changes = asked.value ?? []

  async function showCause(path: Path): Promise<void> {
    if (to === null) return
    setFault(null)
    try {
      const [hit] = await source.changes(projection, path, to.sequence + 1, 1)
      if (hit !== undefined) inspection.show(hit.event)
    } catch (error) {
      setFault(error)
    }
  }

  return (
    <div class="pane" data-stale={asked.isStale}>
      <div class="pane-bar">
        <ProjectionPicker inspection={inspection} />
        <span class="dim">
          A {markText(marks.a)} · B {markText(marks.b)}
        </span>
      </div>
      {fault !== null && (
        <p class="pane-note" role="alert">
          {faultText(fault)}
        </p>
      )}
      {from === null || to === null ? (
        <p class="pane-note">
          Mark two events to compare the state after each: <kbd>[</kbd> marks the selected event as A, <kbd>]</kbd> as
          B.
        </p>
      ) : (
        <Answer asked={asked}>
          <p class="pane-note" aria-live="polite">
            {changes.length === 0
              ? 'The state is the same at both.'
              : `${plural(changes.length, 'change')} from A to B.`}
            {changes.length > MOST_ROWS && ` The first ${MOST_ROWS} are shown.`}
          </p>
          <ul class="changes">
            {changes.slice(0, MOST_ROWS).map((change, index) => (
              <ChangeRow
                key={index}
                change={change}
                label="Show the event that changed it"
                onOpen={() => void showCause(change.path)}
              />
            ))}
          </ul>
        </Answer>
      )}
    </div>
  )
}

function inOrder(a: Mark | null, b: Mark | null): [Mark | null, Mark | null] {
  return a !== null && b !== null && a.sequence > b.sequence ? [b, a] : [a, b]
}

function markText(mark: Mark | null): string {
  return mark === null ? '–' : formatCount(mark.sequence)
}
