import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Path } from '../../src/protocol/panel-source.js'
import { isNumber, orNull, type KeptState } from '../model/kept-state.js'
import { MarkButtons } from './MarkButtons.js'
import { DiffPane } from './DiffPane.js'
import { HistoryPane } from './HistoryPane.js'
import { IconButton } from './IconButton.js'
import { StatePane } from './StatePane.js'
import { tabId, Tabs } from './Tabs.js'
import type { Exporting } from './use-export.js'
import type { Inspection } from './use-inspection.js'
import { useKept } from './use-kept.js'

export interface SnapshotViewProps {
  inspection: Inspection
  kept: KeptState
  /** Of the newest event; -1 when there is none. */
  head: number
  /** Where to begin: the event that was selected in the log. */
  selected: number | null
  exporting: Exporting
}

const SIDES = ['Diff A↔B', 'History of path'] as const

/** The state at any position, and beside it what differs between two of them. */
export function SnapshotView({ inspection, kept, head, selected, exporting }: SnapshotViewProps): JSX.Element {
  const [chosen, setChosen] = useKept(kept, 'position', orNull(isNumber), selected)
  const [side, setSide] = useState<(typeof SIDES)[number]>('Diff A↔B')
  const { source, setPath } = inspection
  const at = Math.min(chosen ?? head, head)

  function onHistory(path: Path): void {
    setPath(path)
    setSide('History of path')
  }

  async function mark(which: 'a' | 'b'): Promise<void> {
    const event = await source.eventAt(at)
    if (event !== null) inspection.mark(which, event)
  }

  if (head < 0) return <p class="view-page dim">There is no event yet, so there is no state to show.</p>
  return (
    <div class="snapshot">
      <div class="scrubber">
        <IconButton label="One event back" icon="previous" onPress={at > 0 ? () => setChosen(at - 1) : null} />
        <input
          type="range"
          aria-label="Position"
          min={0}
          max={head}
          step={1}
          value={at}
          onInput={(event) => setChosen(event.currentTarget.valueAsNumber)}
        />
        <IconButton label="One event on" icon="next" onPress={at < head ? () => setChosen(at + 1) : null} />
        <input
          type="number"
          class="position"
          aria-label="Sequence"
          min={0}
          max={head}
          value={at}
          onChange={(event) => {
            const wanted = event.currentTarget.valueAsNumber
            if (Number.isInteger(wanted)) setChosen(Math.min(head, Math.max(0, wanted)))
          }}
        />
        <MarkButtons
          isMarked={(which) => inspection.marks[which]?.sequence === at}
          onMark={(which) => void mark(which)}
        />
        <button type="button" class="button small" disabled={chosen === null} onClick={() => setChosen(null)}>
          Newest
        </button>
        <button
          type="button"
          class="button small"
          disabled={exporting.isExporting}
          onClick={() => exporting.start({ filter: { all: [] }, before: at + 1, format: 'json' })}
        >
          Export up to here
        </button>
      </div>
      <div class="snapshot-panes">
        <section aria-label="State" class="snapshot-state">
          <StatePane inspection={inspection} at={at} onHistory={onHistory} />
        </section>
        <section aria-label="Changes" class="snapshot-side" key={source.store}>
          <Tabs label="Changes" tabs={SIDES} selected={side} panelId="snapshot-side" onSelect={(tab) => setSide(tab)} />
          <div class="detail-pane" role="tabpanel" id="snapshot-side" aria-labelledby={tabId('snapshot-side', side)}>
            {side === 'Diff A↔B' ? (
              <DiffPane inspection={inspection} />
            ) : (
              <HistoryPane inspection={inspection} at={at} />
            )}
          </div>
        </section>
      </div>
    </div>
  )
}
