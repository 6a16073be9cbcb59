import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Progress } from '../../src/core/store.js'
import type { ExportFollower, PanelOverview, PanelSource } from '../../src/protocol/panel-source.js'
import { faultText } from '../model/fault-text.js'
import { formatBytes, plural } from '../model/format.js'
import { Dialog } from './Dialog.js'
import { ProgressLine } from './ProgressLine.js'

/** What the panel can change, each only after its user typed the store's name. */
export type StoreChange = { what: 'clear' } | { what: 'compact' } | { what: 'import'; file: File }

export interface ChangeDialogProps {
  source: PanelSource
  change: StoreChange
  isExporting: boolean
  onExport(): void
  onDone(said: string): void
  onClose(): void
}

type Stage = { at: 'asking' } | { at: 'working'; progress: Progress | null } | { at: 'failed'; error: unknown }

export function ChangeDialog({
  source,
  change,
  isExporting,
  onExport,
  onDone,
  onClose,
}: ChangeDialogProps): JSX.Element {
  const [overview, setOverview] = useState<PanelOverview | null>(null)
  const [typed, setTyped] = useState('')
  const [stage, setStage] = useState<Stage>({ at: 'asking' })
  const isMounted = useRef(true)
  const stop = useRef(new AbortController())
  const words = wordsFor(source.store, change)

  useEffect(() => {
    isMounted.current = true
    source.overview().then(
      (found) => isMounted.current && setOverview(found),
      (error: unknown) => isMounted.current && setStage({ at: 'failed', error }),
    )
    return () => {
      isMounted.current = false
      stop.current.abort()
    }
  }, [source])

  async function run(): Promise<void> {
    setStage({ at: 'working', progress: null })
    try {
      const said = await carryOut(source, change, {
        onProgress: (progress) => isMounted.current && setStage({ at: 'working', progress }),
        signal: stop.current.signal,
      })
      if (!isMounted.current) return
      onDone(said)
      onClose()
    } catch (error) {
      if (isMounted.current) setStage({ at: 'failed', error })
    }
  }

  const isConfirmed = typed === source.store && stage.at !== 'working'
  return (
    <Dialog title={words.title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (isConfirmed) void run()
        }}
      >
        <p>{overview === null ? 'Counting…' : `${contentsOf(overview)} ${words.fate}`}</p>
        <p class="dialog-export">
          <span>Keep a copy first:</span>
          <button type="button" class="button small" disabled={isExporting} onClick={onExport}>
            {isExporting ? 'Exporting…' : 'Export first'}
          </button>
        </p>
        <div class="dialog-foot">
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
          {stage.at === 'working' && change.what === 'import' && (
            <ProgressLine label="Imported so far" progress={stage.progress} />
          )}
          <div class="dialog-actions">
            <button type="button" class="button" onClick={onClose}>
              Cancel
            </button>
            <button type="submit" class="button danger" disabled={!isConfirmed}>
              {stage.at === 'working' ? words.working : words.action}
            </button>
          </div>
        </div>
      </form>
    </Dialog>
  )
}

function contentsOf({ events, topics, bytes }: PanelOverview): string {
  return `${plural(events, 'event')} in ${plural(topics.length, 'topic')} (${formatBytes(bytes)})`
}

function wordsFor(store: string, change: StoreChange): Record<'title' | 'fate' | 'action' | 'working', string> {
  switch (change.what) {
    case 'clear':
      return {
        title: `Clear ${store}?`,
        fate: 'are removed for all tabs. There is no way back.',
        action: 'Clear all events',
        working: 'Clearing…',
      }
    case 'compact':
      return {
        title: `Compact ${store}?`,
        fate: 'are stored now. Segments are merged and compressed; what is past the limits of retention is dropped.',
        action: 'Compact',
        working: 'Compacting…',
      }
    case 'import':
      return {
        title: `Import into ${store}?`,
        fate: `are stored now. The events of ${change.file.name} (${formatBytes(change.file.size)}) are added for all tabs; those that are here already are skipped.`,
        action: 'Import',
        working: 'Importing…',
      }
  }
}

async function carryOut(source: PanelSource, change: StoreChange, follow: ExportFollower): Promise<string> {
  switch (change.what) {
    case 'clear':
      await source.clear()
      return 'The log was cleared.'
    case 'compact': {
      const { segmentsBefore, segmentsAfter, bytesBefore, bytesAfter, evicted } = await source.compact()
      return `Compacted: ${plural(segmentsBefore, 'segment')} → ${segmentsAfter}, ${formatBytes(bytesBefore)} → ${formatBytes(bytesAfter)}, ${plural(evicted, 'event')} dropped by retention.`
    }
    case 'import': {
      const { events, topics, skipped } = await source.import(change.file, follow)
      return `Imported ${plural(events, 'event')} in ${plural(topics, 'topic')}; ${plural(skipped, 'event')} skipped.`
    }
  }
}
