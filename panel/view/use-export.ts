import { useEffect, useRef, useState } from 'preact/hooks'
import type { Progress } from '../../src/core/store.js'
import type { PanelExport, PanelSource } from '../../src/protocol/panel-source.js'
import { saveFile } from './save-file.js'

export interface Exporting {
  isExporting: boolean
  progress: Progress | null
  start(what?: PanelExport, onSaved?: () => void): void
  cancel(): void
}

const WHOLE: PanelExport = { filter: { all: [] }, before: null, format: 'json' }
const ENDINGS: Record<PanelExport['format'], string> = {
  json: 'json',
  ndjson: 'ndjson',
  'chrome-trace': 'trace.json',
}

/** One export at a time; it ends with the panel. */
export function useExport(source: PanelSource, onFault: (error: unknown) => void): Exporting {
  const [progress, setProgress] = useState<Progress | null>(null)
  const [isExporting, setExporting] = useState(false)
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [source])

  async function run(what: PanelExport, onSaved: () => void): Promise<void> {
    const own = new AbortController()
    running.current = own
    setProgress(null)
    setExporting(true)
    const onProgress = (next: Progress): void => {
      if (!own.signal.aborted) setProgress(next)
    }
    try {
      const blob = await source.export(what, { onProgress, signal: own.signal })
      if (own.signal.aborted) return
      const stamp = new Date().toISOString().slice(0, 19).replace(/[:T]/g, '-')
      saveFile(blob, `${source.store.replace(/[^\w.-]+/g, '_')}-${stamp}.${ENDINGS[what.format]}`)
      onSaved()
    } catch (error) {
      if (!own.signal.aborted) onFault(error)
    } finally {
      if (running.current === own) {
        running.current = null
        setExporting(false)
      }
    }
  }

  return {
    isExporting,
    progress,
    start(what = WHOLE, onSaved = () => {}) {
      if (running.current === null) void run(what, onSaved)
    },
    cancel() {
      running.current?.abort()
      running.current = null
      setExporting(false)
    },
  }
}
