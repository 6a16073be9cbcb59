import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { Path } from '../../src/protocol/panel-source.js'
import { formatCount } from '../model/format.js'
import { rootNode } from '../model/value-tree.js'
import { Answer } from './Answer.js'
import { ProjectionPicker } from './ProjectionPicker.js'
import { useAsked } from './use-asked.js'
import type { Inspection } from './use-inspection.js'
import { ValueTree } from './ValueTree.js'

export interface StatePaneProps {
  inspection: Inspection
  /** The state after the event with this sequence. */
  at: number | null
  onHistory(path: Path): void
}

export function StatePane({ inspection, at, onHistory }: StatePaneProps): JSX.Element {
  const { source, projection } = inspection
  const asked = useAsked((signal) => source.state(projection, at, signal), [source, projection, at])
  const { value } = asked
  const roots = useMemo(() => (value === null ? [] : [rootNode('state', value.state)]), [value])
  return (
    <div class="pane" data-stale={asked.isStale}>
      <div class="pane-bar">
        <ProjectionPicker inspection={inspection} />
        {value !== null && (
          <span class="dim">
            {value.sequence < 0 ? 'before the first event' : `after ${formatCount(value.sequence)}`}
          </span>
        )}
      </div>
      <Answer asked={asked}>
        <ValueTree label="State" roots={roots} onHistory={onHistory} />
      </Answer>
    </div>
  )
}
