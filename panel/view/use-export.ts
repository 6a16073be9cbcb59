import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { PanelSource } from '../../src/protocol/panel-source.js'
import { saveFile } from './save-file.js'

export function useExport(
  source: PanelSource,
  onFault: (error: unknown) => void,
): { isExporting: boolean; start(): void } {
  const [isExporting, setExporting] = useState(false)
  const isMounted = useRef(true)
  useEffect(() => {
    isMounted.current = true
    return () => {
      isMounted.current = false
    }
  }, [])

  const run = useCallback(async () => {
    setExporting(true)
    try {
      const blob = await source.export()
      if (!isMounted.current) return
      const stamp = new Date().toISOString().slice(0, 19).replace(/[:T]/g, '-')
      saveFile(blob, `${source.store.replace(/[^\w.-]+/g, '_')}-${stamp}.json`)
    } catch (error) {
      if (isMounted.current) onFault(error)
    }
    if (isMounted.current) setExporting(false)
  }, [source, onFault])

  return { isExporting, start: () => void run() }
}
