import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { EventFilter } from '../../src/protocol/event-filter.js'
import { parseFilter } from '../model/filter-language.js'
import { isRange, isString, orNull, type KeptState } from '../model/kept-state.js'
import type { FilterError } from '../model/filter-reader.js'
import { useKept } from './use-kept.js'

const TYPING_PAUSE_MS = 120

export interface TimeRange {
  since: number
  until: number
}

export interface FilterState {
  text: string
  setText(text: string): void
  /** Dragged out on the timeline; holds beside what is written. */
  range: TimeRange | null
  setRange(range: TimeRange | null): void
  clear(): void
  errors: FilterError[]
  /** What to search for; the same object as long as it means the same. */
  filter: EventFilter
  /** The same without the pause that typing gets: for what is asked for now. */
  asWritten: EventFilter
}

// While the text has an error the last filter without one stays in force: half a pattern would otherwise show
// everything for a moment.
export function useFilter(producer: string | null, kept: KeptState): FilterState {
  const [text, setText] = useKept(kept, 'filter', isString, '')
  const [range, setRange] = useKept<TimeRange | null>(kept, 'range', orNull(isRange), null)
  const parsed = useMemo(() => parseFilter(text, { now: Date.now(), producer }), [text, producer])
  const [written, setWritten] = useState<EventFilter>(parsed.filter)

  useEffect(() => {
    if (parsed.errors.length > 0) return
    const timer = setTimeout(() => setWritten(parsed.filter), TYPING_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [parsed])

  const filter = useStable(within(written, range))

  // The same object until something of it changes: who only shows it is not drawn anew with every scrolling.
  return useMemo(
    () => ({
      text,
      setText,
      range,
      setRange,
      clear() {
        setText('')
        setWritten({ all: [] })
        setRange(null)
      },
      errors: parsed.errors,
      filter,
      asWritten: within(parsed.errors.length > 0 ? written : parsed.filter, range),
    }),
    [text, setText, range, setRange, parsed, filter, written],
  )
}

function within({ all }: EventFilter, range: TimeRange | null): EventFilter {
  return {
    all: range === null ? all : [...all, { is: 'since', time: range.since }, { is: 'until', time: range.until }],
  }
}

function useStable<T>(value: T): T {
  const held = useRef(value)
  if (JSON.stringify(held.current) !== JSON.stringify(value)) held.current = value
  return held.current
}
