import type { JSX } from 'preact'

export interface TabsProps<T extends string> {
  label: string
  tabs: readonly T[]
  selected: T
  /** Of the element that shows what the selected tab is about. */
  panelId: string
  onSelect(tab: T): void
}

/** One stop for the Tab key; the arrow keys go along and select. */
export function Tabs<T extends string>({ label, tabs, selected, panelId, onSelect }: TabsProps<T>): JSX.Element {
  function onKeyDown(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
    const here = tabs.indexOf(selected)
    const last = tabs.length - 1
    const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: last }[event.key]
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    const next = Math.min(last, Math.max(0, to))
    onSelect(tabs[next] ?? selected)
    event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus()
  }

  return (
    <div class="tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <button
          key={tab}
          type="button"
          role="tab"
          class="tab"
          id={tabId(panelId, tab)}
          data-command={`view-${tab}`}
          aria-selected={tab === selected}
          aria-controls={tab === selected ? panelId : undefined}
          tabIndex={tab === selected ? 0 : -1}
          onClick={() => onSelect(tab)}
        >
          {tab}
        </button>
      ))}
    </div>
  )
}

export const tabId = (panelId: string, tab: string): string => `${panelId}-${tab.replace(/\W+/g, '-')}`
