import type { JSX } from 'preact'
import type { Inspection } from './use-inspection.js'
import type { StoredEvent } from '../../src/core/event.js'

export interface SelectedCommandsProps {
  event: StoredEvent
  inspection: Inspection
  isDetailOpen: boolean
  onStep(step: 1 | -1): void
  onOpenDetail(): void
}

/** What keys do with the selected event while no button on screen does it. */
export function SelectedCommands(props: SelectedCommandsProps): JSX.Element {
  const { event, inspection, isDetailOpen, onStep, onOpenDetail } = props
  const commands: Record<string, () => void> = {
    compare() {
      inspection.setTab('Diff A↔B')
      onOpenDetail()
    },
    ...(!isDetailOpen && {
      'mark-a': () => inspection.mark('a', event),
      'mark-b': () => inspection.mark('b', event),
      'previous-in-topic': () => onStep(-1),
      'next-in-topic': () => onStep(1),
    }),
  }
  return (
    <div class="unseen" inert>
      {Object.entries(commands).map(([command, run]) => (
        <button key={command} type="button" data-command={command} onClick={run} />
      ))}
    </div>
  )
}
