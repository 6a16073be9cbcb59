import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { Icon } from './Icon.js'

export type LinkState = 'connecting' | 'live' | 'paused' | 'file' | 'lost'

const LINK_WORDS: Record<LinkState, string> = {
  connecting: 'Connecting',
  live: 'Live',
  paused: 'Paused',
  file: 'File',
  lost: 'Disconnected',
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
  const [isOpen, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const choosing = useRef<((file: File) => void) | null>(null)
  const input = useRef<HTMLInputElement>(null)

  function chooseFile(use: (file: File) => void): void {
    choosing.current = use
    input.current?.click()
  }

  function close(): void {
    setOpen(false)
    root.current?.querySelector('button')?.focus()
  }

  function onKeyDown(event: KeyboardEvent): void {
    const items = [...(root.current?.querySelectorAll<HTMLElement>('.menu button') ?? [])]
    const here = items.findIndex((item) => item.contains(event.target as Node))
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: items.length - 1 }[event.key]
    if (event.key === 'Escape') close()
    else if (to !== undefined) items.at(to % items.length)?.focus()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  const items: { label: string; isChosen?: boolean; onChoose(): void }[] = [
    fileName === null
      ? { label: `${store} — the store itself`, isChosen: true, onChoose() {} }
      : { label: `${fileName} — a file`, isChosen: true, onChoose() {} },
    ...(onCloseFile === null ? [] : [{ label: 'Back to the live store', onChoose: onCloseFile }]),
    { label: 'Open an exported file…', onChoose: () => chooseFile(onOpenFile) },
    ...(onImport === null ? [] : [{ label: `Import a file into ${store}…`, onChoose: () => chooseFile(onImport) }]),
  ]
  return (
    <div
      ref={root}
      class="source"
      onFocusOut={(event) => {
        if (!(event.relatedTarget instanceof Node && root.current?.contains(event.relatedTarget))) setOpen(false)
      }}
    >
      <span class="link" data-link={link}>
        <i class="link-dot" />
        {LINK_WORDS[link]}
      </span>
      <button
        type="button"
        class="button icon-only bare"
        aria-label="Source"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        title="What is looked at"
        onClick={() => setOpen(!isOpen)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return
          event.preventDefault()
          event.stopPropagation()
          setOpen(true)
        }}
      >
        <Icon name="down" />
      </button>
      {isOpen && (
        <div class="menu" role="menu" aria-label="Source" onKeyDown={onKeyDown}>
          {items.map(({ label, isChosen, onChoose }, index) => (
            <button
              key={label}
              ref={index === 0 ? focusOnce : undefined}
              type="button"
              role={isChosen === undefined ? 'menuitem' : 'menuitemradio'}
              aria-checked={isChosen}
              onClick={() => {
                close()
                onChoose()
              }}
            >
              {label}
            </button>
          ))}
        </div>
      )}
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

// Of one identity, so that it is called as the item appears and not with every drawing.
function focusOnce(item: HTMLElement | null): void {
  item?.focus()
}
