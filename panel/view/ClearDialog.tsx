import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { PanelOverview, PanelSource } from '../../src/protocol/panel-source.js'
import { faultText } from '../model/fault-text.js'
import { formatBytes, plural } from '../model/format.js'

export interface ClearDialogProps {
  source: PanelSource
  isExporting: boolean
  onExport(): void
  onClose(): void
}

type Stage = { at: 'asking' } | { at: 'clearing' } | { at: 'failed'; error: unknown }

export function ClearDialog({ source, isExporting, onExport, onClose }: ClearDialogProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null)
  const [overview, setOverview] = useState<PanelOverview | null>(null)
  const [typed, setTyped] = useState('')
  const [stage, setStage] = useState<Stage>({ at: 'asking' })
  const isMounted = useRef(true)

  useLayoutEffect(() => dialog.current?.showModal(), [])
  useEffect(() => {
    isMounted.current = true
    source.overview().then(
      (found) => isMounted.current && setOverview(found),
      (error: unknown) => isMounted.current && setStage({ at: 'failed', error }),
    )
    return () => {
      isMounted.current = false
    }
  }, [source])

  async function clear(): Promise<void> {
    setStage({ at: 'clearing' })
    try {
      await source.clear()
      if (isMounted.current) onClose()
    } catch (error) {
      if (isMounted.current) setStage({ at: 'failed', error })
    }
  }

  const isConfirmed = typed === source.store && stage.at !== 'clearing'
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="clear-title" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (isConfirmed) void clear()
        }}
      >
        <h2 id="clear-title">Clear {source.store}?</h2>
        <p>
          {overview === null
            ? 'Counting…'
            : `${plural(overview.events, 'event')} in ${plural(overview.topics.length, 'topic')} (${formatBytes(overview.bytes)}) are removed for all tabs. There is no way back.`}
        </p>
        <p class="dialog-export">
          <span>Keep a copy first:</span>
          <button type="button" class="button small" disabled={isExporting} onClick={onExport}>
            {isExporting ? 'Exporting…' : 'Export first'}
          </button>
        </p>
        <label class="dialog-confirm">
          <span>
            Type <code>{source.store}</code> to confirm
          </span>
          <input
            type="text"
            autocomplete="off"
            spellcheck={false}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </label>
        {stage.at === 'failed' && (
          <p class="fault-text" role="alert">
            {faultText(stage.error)}
          </p>
        )}
        <div class="dialog-actions">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button danger" disabled={!isConfirmed}>
            {stage.at === 'clearing' ? 'Clearing…' : 'Clear all events'}
          </button>
        </div>
      </form>
    </dialog>
  )
}
