import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { StoredEvent } from '../../src/core/event.js'
import type { PanelSearch } from '../../src/protocol/panel-source.js'
import { isNumber, orNull, type KeptState } from '../model/kept-state.js'
import { clampTop, lastTop, ranksInSight, reveal, ROW_HEIGHT, type LogExtent } from '../model/windowing.js'
import { useDrawnTop } from './use-drawn-top.js'
import { useRows, type Rows } from './use-rows.js'
import type { LiveSearch } from './use-search.js'

type Place = { at: 'live' } | { at: 'rank'; top: number }

/** What was in view under the search before. */
interface Anchor {
  search: PanelSearch | null
  selected: Placed | null
  place: Place
  /** How far below the upper edge the selected row is; null when it is out of sight. */
  rowsAbove: number | null
  /** The event at the upper edge. */
  first: Placed | undefined
}

type Placed = Pick<StoredEvent, 'sequence'>

export interface Log {
  rows: Rows
  extent: LogExtent
  /** The rank at the upper edge, with a fraction; and the one that is drawn there. */
  top: number
  drawnTop: number
  /** Sticks to the newest event. */
  following: boolean
  /** The rank of the selected row; null when nothing is selected, or the filter does not match it. */
  cursor: number | null
  /** The selected event; stays while the one selected next is on its way. */
  selected: StoredEvent | null
  resize(height: number): void
  scroll(top: number): void
  goLive(): void
  select(rank: number): void
  /** Selects an event by itself, whether the filter matches it or not. */
  show(event: StoredEvent): void
}

export function useLog(shown: LiveSearch | null, kept: KeptState, onFault: (error: unknown) => void): Log {
  const search = shown?.search ?? null
  const generation = shown?.progress.generation ?? 0
  const matches = shown?.progress.matches ?? 0
  const isDone = shown?.progress.done ?? false
  const rows = useRows(search, generation, onFault)
  const [height, setHeight] = useState(0)
  const [place, setPlace] = useState<Place>({ at: 'live' })
  const [cursor, setCursor] = useState<number | null>(null)
  const [selected, setSelected] = useState<StoredEvent | null>(null)

  const extent: LogExtent = { rows: matches, height }
  const top = place.at === 'live' ? lastTop(extent) : clampTop(place.top, extent)
  const drawnTop = useDrawnTop(top, height / ROW_HEIGHT, place.at === 'live', rows, cursor)
  const sight = ranksInSight(drawnTop, extent)

  // One row before what is in sight, for its Δt, and half a screen either way.
  useEffect(() => {
    if (sight.count === 0) return
    const spare = Math.ceil(sight.count / 2)
    const first = Math.max(0, sight.first - spare - 1)
    rows.want(first, Math.min(matches, sight.first + sight.count + spare) - first)
  }, [rows, sight.first, sight.count, matches])

  const atCursor = cursor === null ? undefined : rows.get(cursor)
  useLayoutEffect(() => {
    if (atCursor !== undefined) setSelected(atCursor)
  }, [atCursor])

  // Opening the detail can take away the part of the log with the row it was opened for: what was in sight stays so.
  const heightBefore = useRef(0)
  useLayoutEffect(() => {
    const extentBefore = { rows: matches, height: heightBefore.current }
    heightBefore.current = height
    if (cursor === null || height === 0) return
    setPlace((before) => {
      const wasInSight = before.at === 'rank' && reveal(cursor, before.top, extentBefore) === before.top
      return wasInSight ? { at: 'rank', top: reveal(cursor, before.top, extent) } : before
    })
  }, [height])

  // Another filter, or a cleared log, gives every event another rank: what was selected, or at the upper edge, is
  // looked for again, once the whole log has been searched.
  const before = useRef<Anchor>(useMemo(() => keptAnchor(kept), [kept]))
  const lookFor = useRef<Anchor | null>(null)
  useEffect(() => {
    lookFor.current = before.current
    setCursor(null)
  }, [search, generation])
  useEffect(() => {
    const anchor = lookFor.current
    if (search === null || !isDone || anchor === null) return
    lookFor.current = null
    const event = anchor.selected ?? (anchor.place.at === 'live' ? undefined : anchor.first)
    if (event === undefined) return
    const isReload = anchor.search === null && anchor.first !== undefined
    Promise.all([find(search, event), isReload ? find(search, anchor.first!) : null]).then(
      ([{ rank, isMatch, found }, first]) => {
        if (before.current.search !== search) return
        if (anchor.selected !== null && isMatch) {
          setCursor(rank)
          // It need not be in sight, and is then not among the rows.
          setSelected(found ?? null)
        }
        // It went with the log, not with the filter.
        if (!isMatch && anchor.search === search) setSelected(null)
        const rowsAbove = anchor.selected !== null && isMatch ? (anchor.rowsAbove ?? height / ROW_HEIGHT / 2) : 0
        const top = first?.rank ?? Math.max(0, rank - rowsAbove)
        if (anchor.place.at === 'rank') setPlace({ at: 'rank', top })
      },
      (error: unknown) => {
        if (before.current.search === search) onFault(error)
      },
    )
  }, [search, generation, isDone])
  useEffect(() => {
    // Nothing was seen yet: what is looked for is what the page showed before it was reloaded.
    if (search === null || lookFor.current !== null) return
    const isInSight = cursor !== null && reveal(cursor, top, extent) === top
    // While it is looked for there is no cursor.
    const rowsAbove = isInSight ? cursor - top : cursor === null ? before.current.rowsAbove : null
    before.current = { search, selected, place, rowsAbove, first: rows.get(sight.first) ?? before.current.first }
    kept.set('selected', selected?.sequence ?? null)
    kept.set('first', place.at === 'live' ? null : (before.current.first?.sequence ?? null))
  })

  // The same function for as long as the log is mounted: who only selects is not drawn anew with every scrolling.
  const latest = useRef({ matches, height, top })
  latest.current = { matches, height, top }
  const select = useCallback((rank: number) => {
    const { matches, height, top } = latest.current
    if (matches === 0) return
    const wanted = Math.min(Math.max(0, rank), matches - 1)
    setCursor(wanted)
    const isLast = wanted === matches - 1
    setPlace(isLast ? { at: 'live' } : { at: 'rank', top: reveal(wanted, top, { rows: matches, height }) })
  }, [])

  return {
    rows,
    extent,
    top,
    drawnTop,
    following: place.at === 'live',
    cursor,
    selected,
    resize: setHeight,
    scroll(next) {
      const isEnd = next >= lastTop(extent) - 0.5 && next >= top
      setPlace(isEnd ? { at: 'live' } : { at: 'rank', top: next })
    },
    goLive: () => setPlace({ at: 'live' }),
    select,
    show(event) {
      setSelected(event)
      setCursor(null)
      if (search === null) return
      find(search, event).then(
        ({ rank, isMatch }) => {
          if (before.current.search !== search) return
          if (isMatch) setCursor(rank)
          setPlace({ at: 'rank', top: Math.max(0, rank - height / ROW_HEIGHT / 2) })
        },
        (error: unknown) => {
          if (before.current.search === search) onFault(error)
        },
      )
    },
  }
}

function keptAnchor(kept: KeptState): Anchor {
  const selected = kept.get('selected', orNull(isNumber), null)
  const first = kept.get('first', orNull(isNumber), null)
  return {
    search: null,
    selected: selected === null ? null : { sequence: selected },
    place: first === null ? { at: 'live' } : { at: 'rank', top: 0 },
    rowsAbove: null,
    first: first === null ? undefined : { sequence: first },
  }
}

interface Found {
  rank: number
  isMatch: boolean
  /** The match at this rank; undefined past the last. */
  found: StoredEvent | undefined
}

async function find(search: PanelSearch, { sequence }: Placed): Promise<Found> {
  const rank = await search.rankOf(sequence)
  const [found] = await search.rows(rank, 1)
  return { rank, isMatch: found?.sequence === sequence, found }
}

/** The selected event, else the last one in sight. */
export function viewing({ selected, rows, extent, drawnTop }: Log): StoredEvent | null {
  const { first, count } = ranksInSight(drawnTop, extent)
  if (selected !== null) return selected
  for (let rank = first + count - 1; rank >= first; rank--) {
    const event = rows.get(rank)
    if (event !== undefined) return event
  }
  return null
}

export function isAtHead({ following, top, extent }: Log): boolean {
  return following || top >= lastTop(extent)
}
