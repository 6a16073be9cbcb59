import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import { Menu, type MenuItem } from './Menu.js'

export type LinkState = 'connecting' | 'live' | 'paused' | 'file' | 'lost'

const LINK_WORDS: Record<LinkState, string> = {
  connecting: 'Connecting',
  live: 'Live',
  paused: 'Paused',
  file: 'File',
  lost: 'Reconnecting',
}

export interface SourceMenuProps {
  link: LinkState
  store: string
  /** Null: the store itself is looked at. */
  fileName: string | null
  onOpenFile(file: File): void
  /** Null: the source only reads. */
  onImport: ((file: File) => void) | null
  /** Null: there is no live store to go back to. */
  onCloseFile: (() => void) | null
}

/** What is looked at, and what else may be. */
export function SourceMenu(props: SourceMenuProps): JSX.Element {
  const { link, store, fileName, onOpenFile, onImport, onCloseFile } = props
  const choosing = useRef<((file: File) => void) | null>(null)
  const input = useRef<HTMLInputElement>(null)

  function chooseFile(use: (file: File) => void): void {
    choosing.current = use
    input.current?.click()
  }

  const items: MenuItem[] = [
    fileName === null
      ? { label: `${store} — the store itself`, isChosen: true, onChoose() {} }
      : { label: `${fileName} — a file`, isChosen: true, onChoose() {} },
    ...(onCloseFile === null ? [] : [{ label: 'Back to the live store', onChoose: onCloseFile }]),
    { label: 'Open an exported file…', onChoose: () => chooseFile(onOpenFile) },
    ...(onImport === null ? [] : [{ label: `Import a file into ${store}…`, onChoose: () => chooseFile(onImport) }]),
  ]
  return (
    <div class="source">
      <span class="link" data-link={link}>
        <i class="link-dot" />
        {LINK_WORDS[link]}
      </span>
      <Menu label="Source" title="What is looked at" icon="down" kind="bare" items={items} />
      <input
        ref={input}
        type="file"
        hidden
        aria-label="Which file"
        accept=".json,.ndjson,application/json"
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? []
          event.currentTarget.value = ''
          if (file !== undefined) choosing.current?.(file)
        }}
      />
    </div>
  )
}
