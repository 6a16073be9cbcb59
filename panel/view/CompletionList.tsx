import type { JSX } from 'preact'
import type { Completion } from '../model/filter-completion.js'

export interface CompletionListProps {
  id: string
  items: readonly Completion[]
  /** -1: none. */
  active: number
  onChoose(item: Completion): void
}

export const completionId = (list: string, index: number): string => `${list}-${index}`

/** Under the filter; the field keeps the focus. */
export function CompletionList({ id, items, active, onChoose }: CompletionListProps): JSX.Element {
  return (
    <ul id={id} class="completions" role="listbox" aria-label="Completions">
      {items.map((item, index) => (
        <li
          key={item.text}
          id={completionId(id, index)}
          role="option"
          aria-selected={index === active}
          onPointerDown={(event) => {
            event.preventDefault()
            onChoose(item)
          }}
        >
          <code>{item.text}</code>
          <span class="dim">{item.says}</span>
        </li>
      ))}
    </ul>
  )
}
