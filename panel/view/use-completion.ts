import type { RefObject } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { StoredEvent } from '../../src/core/event.js'
import type { PanelSource } from '../../src/protocol/panel-source.js'
import { DataPaths } from '../model/data-paths.js'
import { completionsAt, pathBefore, type Completion, type KnownNames } from '../model/filter-completion.js'

const NOTHING_KNOWN: Omit<KnownNames, 'paths'> = { topics: [], types: [] }

/** More would be felt in the typing. */
const MOST_EVENTS = 128

export interface Completing {
  items: readonly Completion[]
  /** The one the arrow keys chose; -1: none. */
  active: number
  /** The cursor is in the field, and may have moved. */
  look(): void
  choose(item: Completion): void
  /** True: it was meant for the completions. */
  press(key: string): boolean
  close(): void
}

/** What the word at the cursor of the filter may be completed to. Paths are those in the events that are loaded anyway. */
export function useCompletion(
  source: PanelSource,
  field: RefObject<HTMLInputElement | null>,
  setText: (text: string) => void,
  loaded: () => Iterable<StoredEvent>,
): Completing {
  const [cursor, setCursor] = useState<{ text: string; at: number } | null>(null)
  const [known, setKnown] = useState(NOTHING_KNOWN)
  const [active, setActive] = useState(-1)
  const isOpen = cursor !== null
  useEffect(() => {
    if (!isOpen) return
    let isOver = false
    const learn = ({ topics, types }: { topics: { name: string }[]; types: string[] }): void => {
      if (!isOver) setKnown({ topics: topics.map(({ name }) => name), types })
    }
    // Without names there is less to offer.
    source.overview().then(learn, () => {})
    return () => {
      isOver = true
    }
  }, [source, isOpen])
  const paths = useMemo(() => new DataPaths(), [source])
  const isPath = cursor !== null && pathBefore(cursor.text.slice(0, cursor.at)) !== null
  // As the field is entered and as a path is begun: what is typed until then may leave no events.
  const texts = useMemo(() => {
    if (isOpen) learn(paths, loaded())
    return paths.texts
  }, [paths, isOpen, isPath])
  const found = cursor === null ? null : completionsAt(cursor.text, cursor.at, { ...known, paths: texts })
  const items = found?.items ?? []

  function close(): void {
    setCursor(null)
    setActive(-1)
  }

  function look(): void {
    const input = field.current
    if (input === null) return
    setCursor({ text: input.value, at: input.selectionStart ?? input.value.length })
    setActive(-1)
  }

  function choose({ text }: Completion): void {
    const input = field.current
    if (input === null || found === null) return
    const { value } = input
    const end = found.from + text.length
    // At once, not with the next drawing: a key that is pressed before it belongs behind the name.
    input.value = value.slice(0, found.from) + text + value.slice(found.to)
    input.setSelectionRange(end, end)
    setText(input.value)
    look()
  }

  return {
    items,
    active,
    look,
    choose,
    close,
    press(key) {
      const chosen = items[active]
      if (items.length === 0) return false
      if (key === 'ArrowDown') setActive((active + 1) % items.length)
      else if (key === 'ArrowUp') setActive(active <= 0 ? items.length - 1 : active - 1)
      else if ((key === 'Enter' || key === 'Tab') && chosen !== undefined) choose(chosen)
      else if (key === 'Enter') close()
      else return false
      return true
    },
  }
}

function learn(paths: DataPaths, events: Iterable<StoredEvent>): void {
  let left = MOST_EVENTS
  for (const { data } of events) {
    if (left-- === 0) return
    paths.learn(data)
  }
}
