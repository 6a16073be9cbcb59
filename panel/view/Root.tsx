import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { PanelSource } from '../../src/protocol/panel-source.js'
import { namingCalls } from '../model/failed-call.js'
import { faultText } from '../model/fault-text.js'
import { KeptState } from '../model/kept-state.js'
import { openFile, type Projections } from '../source.js'
import { App } from './App.js'

export interface RootProps {
  /** Null: there is only the file. */
  mounted: PanelSource | null
  file: Blob | null
  /** For files. */
  projections: Projections
  theme: 'auto' | 'light' | 'dark'
  /** Where stores of the same name may be different ones: what tells them apart. */
  place?: string
}

type Opened = { source: PanelSource; name: string }

/** Which of the sources is looked at: the one it was mounted with, or a file its user opened. Neither changes by itself. */
export function Root({ mounted, file, projections, theme, place = '' }: RootProps): JSX.Element {
  const [opened, setOpened] = useState<Opened | null>(null)
  const [fault, setFault] = useState<unknown>(null)
  const [isOver, setOver] = useState(false)
  const latest = useRef(0)
  const current = useRef<Opened | null>(null)

  function show(next: Opened | null): void {
    current.current?.source.close()
    current.current = next
    setOpened(next)
  }

  async function open(chosen: Blob): Promise<void> {
    const own = ++latest.current
    setFault(null)
    try {
      const source = await openFile(chosen, projections)
      if (own === latest.current) show({ source, name: chosen instanceof File ? chosen.name : source.store })
      else source.close()
    } catch (error) {
      if (own === latest.current) setFault(error)
    }
  }

  useEffect(() => {
    if (file !== null) void open(file)
  }, [file])
  useEffect(
    () => () => {
      latest.current = -1
      current.current?.source.close()
    },
    [],
  )

  function onDrop(event: DragEvent): void {
    event.preventDefault()
    setOver(false)
    const dropped = event.dataTransfer?.files[0]
    if (dropped !== undefined) void open(dropped)
  }

  function onDragOver(event: DragEvent): void {
    if (event.dataTransfer?.types.includes('Files') !== true) return
    event.preventDefault()
    setOver(true)
  }

  const own = opened?.source ?? mounted
  const source = useMemo(() => own && namingCalls(own), [own])
  const kept = useMemo(
    () => (source === null ? null : new KeptState(opened === null ? place + source.store : `file ${opened.name}`)),
    [source],
  )
  // Ends with the panel itself, so that one mounted in its place finds what was kept.
  useLayoutEffect(() => {
    const flush = (): void => kept?.flush()
    addEventListener('pagehide', flush)
    return () => {
      removeEventListener('pagehide', flush)
      kept?.close()
    }
  }, [kept])

  return (
    <div class="root" data-drop={isOver} onDrop={onDrop} onDragOver={onDragOver} onDragLeave={() => setOver(false)}>
      {source === null || kept === null ? (
        <div class="panel" data-theme={theme}>
          <p class="empty" role={fault === null ? 'status' : 'alert'}>
            {fault === null ? 'Opening the file…' : faultText(fault)}
          </p>
        </div>
      ) : (
        <App
          key={opened === null ? 'mounted' : `file ${latest.current}`}
          source={source}
          theme={theme}
          kept={kept}
          fileName={opened?.name ?? null}
          fileFault={fault}
          onFileFaultSeen={() => setFault(null)}
          onOpenFile={(chosen) => void open(chosen)}
          onCloseFile={opened !== null && mounted !== null ? () => show(null) : null}
        />
      )}
    </div>
  )
}
