import type { JSX, RefObject } from 'preact'
import { useContext, useLayoutEffect, useRef } from 'preact/hooks'
import type { StoredEvent } from '../../src/core/event.js'
import { isScaled, ranksInSight, ROW_HEIGHT, scrollToTop, spacerHeight, topToScroll } from '../model/windowing.js'
import { rankForKey } from '../model/log-keys.js'
import { ColorsContext } from './colors.js'
import { LogRow, rowId } from './LogRow.js'
import type { Log } from './use-log.js'
import { useSize } from './use-size.js'

interface DrawnRow {
  rank: number
  event: StoredEvent | undefined
  previousTime: number | null
}

interface Drawing {
  rows: DrawnRow[]
  /** Pixels from the upper edge of the log to the first of them. */
  y: number
}

export interface EventLogProps {
  log: Log
  grid: RefObject<HTMLDivElement | null>
  onOpen(): void
  onPause(): void
}

const HEADS = [
  ['seq', 'seq'],
  ['delta', 'Δt'],
  ['topic', 'topic'],
  ['type', 'type'],
  ['data', 'data'],
] as const

export function EventLog({ log, grid, onOpen, onPause }: EventLogProps): JSX.Element {
  const { extent, top, cursor } = log
  const { height } = useSize(grid)
  const colors = useContext(ColorsContext)?.topic
  /** Where the scroller was last put or seen: its scroll event then says nothing new. */
  const knownScroll = useRef(0)
  const lastWhole = useRef<Drawing>({ rows: [], y: 0 })

  useLayoutEffect(() => log.resize(height), [height])
  useLayoutEffect(() => {
    const scroller = grid.current
    if (scroller === null) return
    // Where it is, is not asked: the browser would lay everything out to tell.
    const wanted = topToScroll(top, extent)
    if (Math.abs(knownScroll.current - wanted) < 1) return
    scroller.scrollTop = wanted
    knownScroll.current = scroller.scrollTop
  })

  // Where one pixel of scrolling is worth several, the wheel moves by what it says, not by that many times more.
  const scaled = isScaled(extent)
  const onScaledWheel = useRef<(event: WheelEvent) => void>(() => {})
  onScaledWheel.current = (event) => {
    event.preventDefault()
    const rowsPerUnit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 1 : 1 / ROW_HEIGHT
    log.scroll(Math.max(0, top + event.deltaY * rowsPerUnit))
  }
  useLayoutEffect(() => {
    const scroller = grid.current
    if (scroller === null || !scaled) return
    const onWheel = (event: WheelEvent): void => onScaledWheel.current(event)
    scroller.addEventListener('wheel', onWheel, { passive: false })
    return () => scroller.removeEventListener('wheel', onWheel)
  }, [scaled])

  function onScroll(): void {
    const scrollTop = grid.current?.scrollTop ?? 0
    if (Math.abs(scrollTop - knownScroll.current) < 1) return
    knownScroll.current = scrollTop
    log.scroll(scrollToTop(scrollTop, extent))
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Enter') onOpen()
    else if (event.key === ' ') onPause()
    else {
      const rank = rankForKey(event.key, log)
      if (rank === null) return
      log.select(rank)
    }
    event.preventDefault()
  }

  // On pointerdown: a live log may move the row away before the click. A click without a pointer is made by code.
  function onPress(event: Event): void {
    if (event instanceof MouseEvent && event.button !== 0) return
    if (event.type === 'click' && (event as MouseEvent).detail !== 0) return
    const row = (event.target as Element).closest('[aria-rowindex]')
    if (row === null) return
    log.select(Number(row.getAttribute('aria-rowindex')) - 1)
    onOpen()
  }

  const drawn = drawingOf(log)
  const isAnyHere = drawn.rows.some(({ event }) => event !== undefined)
  if (isAnyHere || drawn.rows.length === 0) lastWhole.current = drawn
  const isStale = !isAnyHere && lastWhole.current.rows.length > 0
  const { rows, y } = isStale ? lastWhole.current : drawn
  const slots = Math.max(rows.length, slotsIn(extent.height))
  const turn = useTurn(rows[0]?.rank ?? 0, slots)
  const isCursorDrawn = cursor !== null && rows.some(({ rank }) => rank === cursor)

  return (
    <div class="log" style={{ '--digits': digitsOf(rows) }}>
      <div class="row log-head" aria-hidden="true">
        {HEADS.map(([name, title]) => (
          <span key={name} id={`head-${name}`} class={`cell-${name}`}>
            {title}
          </span>
        ))}
      </div>
      <div
        ref={grid}
        class="log-scroller"
        role="grid"
        aria-label="Events"
        aria-rowcount={extent.rows}
        aria-colcount={HEADS.length}
        aria-activedescendant={isCursorDrawn ? rowId(cursor) : undefined}
        tabIndex={0}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
        onPointerDown={onPress}
        onClick={onPress}
      >
        <div role="presentation" class="log-spacer" style={{ height: `${spacerHeight(extent)}px` }}>
          <div role="rowgroup" class="log-window" style={{ height: `${height}px` }} data-stale={isStale}>
            <div role="presentation" style={{ transform: `translateY(${y}px)` }}>
              {rows.map((row) => (
                <LogRow
                  key={(row.rank + turn) % slots}
                  {...row}
                  isSelected={row.rank === cursor}
                  color={row.event && colors?.of(row.event.topic)}
                />
              ))}
            </div>
          </div>
        </div>
      </div>
    </div>
  )
}

/**
 * What to add to a rank for the element that shows it. A row that stays in sight keeps its element, and those of the rows
 * that went are used for the ones that came: to make one takes most of a frame. After a jump they stay in their order
 * too, as to move one takes nearly as long.
 */
function useTurn(first: number, slots: number): number {
  const last = useRef({ first, turn: 0 })
  const moved = first - last.current.first
  const jump = Math.abs(moved) < slots ? 0 : moved % slots
  last.current = { first, turn: (last.current.turn + slots - jump) % slots }
  return last.current.turn
}

const slotsIn = (height: number): number => Math.ceil(height / ROW_HEIGHT) + 1

// As many at every place, also where one less would be in sight.
function drawingOf({ rows, extent, drawnTop }: Log): Drawing {
  const { first } = ranksInSight(drawnTop, extent)
  const count = Math.min(slotsIn(extent.height), extent.rows - first)
  const drawn = Array.from({ length: count }, (_, index) => {
    const rank = first + index
    return { rank, event: rows.get(rank), previousTime: rank === 0 ? null : (rows.get(rank - 1)?.time ?? null) }
  })
  return { rows: drawn, y: Math.round((first - drawnTop) * ROW_HEIGHT) }
}

// Sequences only rise, but the newest rows may still be on their way.
function digitsOf(rows: readonly DrawnRow[]): number {
  const newest = rows.findLast(({ event }) => event !== undefined)
  return Math.max(4, String(newest?.event?.sequence ?? '').length)
}
