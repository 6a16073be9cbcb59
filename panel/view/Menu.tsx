import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { Icon, type IconName } from './Icon.js'

export interface MenuItem {
  label: string
  /** One of a group: whether it is the one. */
  isChosen?: boolean
  onChoose(): void
}

export interface MenuProps {
  label: string
  title: string
  icon: IconName
  /** For the style sheet. */
  kind?: string
  items: readonly MenuItem[]
}

/** A button and what drops down from it. */
export function Menu({ label, title, icon, kind = '', items }: MenuProps): JSX.Element {
  const [isOpen, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)

  function close(): void {
    setOpen(false)
    root.current?.querySelector('button')?.focus()
  }

  function onKeyDown(event: KeyboardEvent): void {
    const buttons = [...(root.current?.querySelectorAll<HTMLElement>('.menu-list button') ?? [])]
    const here = buttons.findIndex((item) => item.contains(event.target as Node))
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: buttons.length - 1 }[event.key]
    if (event.key === 'Escape') close()
    else if (to !== undefined) buttons.at(to % buttons.length)?.focus()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div
      ref={root}
      class="menu"
      onFocusOut={(event) => {
        if (!(event.relatedTarget instanceof Node && root.current?.contains(event.relatedTarget))) setOpen(false)
      }}
    >
      <button
        type="button"
        class={`button icon-only ${kind}`}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        title={title}
        onClick={() => setOpen(!isOpen)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return
          event.preventDefault()
          event.stopPropagation()
          setOpen(true)
        }}
      >
        <Icon name={icon} />
      </button>
      {isOpen && (
        <div class="menu-list" role="menu" aria-label={label} onKeyDown={onKeyDown}>
          {items.map(({ label: text, isChosen, onChoose }, index) => (
            <button
              key={text}
              ref={index === 0 ? focusOnce : undefined}
              type="button"
              role={isChosen === undefined ? 'menuitem' : 'menuitemradio'}
              aria-checked={isChosen}
              onClick={() => {
                close()
                onChoose()
              }}
            >
              {text}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}

// Of one identity, so that it is called as the item appears and not with every drawing.
function focusOnce(item: HTMLElement | null): void {
  item?.focus()
}
