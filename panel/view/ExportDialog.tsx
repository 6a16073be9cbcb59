import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { PanelExport } from '../../src/protocol/panel-source.js'
import { plural } from '../model/format.js'
import { Dialog } from './Dialog.js'
import { ProgressLine } from './ProgressLine.js'
import type { Exporting } from './use-export.js'

export interface ExportDialogProps {
  exporting: Exporting
  /** What the filter leaves. */
  shown: Pick<PanelExport, 'filter'>
  matches: number
  total: number
  onClose(): void
}

const FORMATS: { format: PanelExport['format']; says: string }[] = [
  { format: 'json', says: 'JSON — holds every kind of value; opens here again' },
  { format: 'ndjson', says: 'NDJSON — one event a line' },
  { format: 'chrome-trace', says: 'Chrome trace — for Perfetto and the Performance panel' },
]

export function ExportDialog({ exporting, shown, matches, total, onClose }: ExportDialogProps): JSX.Element {
  const [format, setFormat] = useState<PanelExport['format']>('json')
  const [isWhole, setWhole] = useState(matches === total)
  const { progress, isExporting } = exporting
  return (
    <Dialog title="Export" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          exporting.start({ filter: isWhole ? { all: [] } : shown.filter, before: null, format }, onClose)
        }}
      >
        <fieldset disabled={isExporting}>
          <legend>Events</legend>
          <Choice
            name="what"
            label={`All ${plural(total, 'event')}`}
            isChosen={isWhole}
            onChoose={() => setWhole(true)}
          />
          <Choice
            name="what"
            label={`What the filter shows: ${plural(matches, 'event')}`}
            isChosen={!isWhole}
            onChoose={() => setWhole(false)}
          />
        </fieldset>
        <fieldset disabled={isExporting}>
          <legend>Format</legend>
          {FORMATS.map((own) => (
            <Choice
              key={own.format}
              name="format"
              label={own.says}
              isChosen={own.format === format}
              onChoose={() => setFormat(own.format)}
            />
          ))}
        </fieldset>
        {isExporting && <ProgressLine label="Exported so far" progress={progress} />}
        <div class="dialog-foot dialog-actions">
          <button type="button" class="button" onClick={isExporting ? exporting.cancel : onClose}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={isExporting}>
            {isExporting ? 'Exporting…' : 'Save file'}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

interface ChoiceProps {
  name: string
  label: string
  isChosen: boolean
  onChoose(): void
}

function Choice({ name, label, isChosen, onChoose }: ChoiceProps): JSX.Element {
  return (
    <label class="choice">
      <input type="radio" name={name} checked={isChosen} onChange={onChoose} />
      {label}
    </label>
  )
}
