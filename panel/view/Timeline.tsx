import type { JSX } from 'preact'
import { useMemo, useRef, useState } from 'preact/hooks'
import { draggedTo, gripAt, type BrushGrip } from '../model/brush-grip.js'
import { formatSpan, plural } from '../model/format.js'
import { bucketAt, bucketStart, timeView, type TimeView } from '../model/time-view.js'
import { spanOf as lengthOf, type Viewport } from '../model/viewport.js'
import type { LiveSearch } from './use-search.js'
import type { TimeRange } from './use-filter.js'
import { useHistogram, type Histogram } from './use-histogram.js'
import { AXIS_HEIGHT, useTimelineCanvas } from './use-timeline-canvas.js'
import { useSize } from './use-size.js'

/** A bar and its gap need this much room. */
const PX_PER_BUCKET = 3
/** A press that moves less is a click. */
const DRAG_PX = 4
/** How near its edge the brush is taken by it. */
const EDGE_PX = 6

export interface TimelineProps {
  shown: LiveSearch | null
  range: TimeRange | null
  /** Time of the selected event. */
  marker: number | null
  /** What the lanes show of it; null: they show all, or there are none. */
  brush: Viewport | null
  theme: string
  onRange(range: TimeRange): void
  onBrush(view: Viewport): void
  /** To the first match of this stretch: so many matches lie before it. */
  onJump(rank: number): void
  onFault(error: unknown): void
}

export function Timeline(props: TimelineProps): JSX.Element {
  const { shown, range, marker, brush, theme, onRange, onBrush, onJump, onFault } = props
  const box = useRef<HTMLDivElement>(null)
  const { width, height } = useSize(box)
  const progress = shown?.progress ?? null
  const first = range?.since ?? progress?.since ?? null
  const last = range === null ? (progress?.until ?? null) : range.until - 1
  const view = useMemo(
    () => (first === null || last === null || width === 0 ? null : timeView(first, last, width / PX_PER_BUCKET)),
    [first, last, width],
  )
  const histogram = useHistogram(shown?.search ?? null, progress?.revision ?? 0, view, onFault)
  const [pointer, setPointer] = useState<number | null>(null)
  const [keyboard, setKeyboard] = useState<{ bucket: number; from: number } | null>(null)
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null)

  const buckets = histogram?.view.buckets ?? 0
  const stretch =
    drag ??
    (keyboard === null || keyboard.from === keyboard.bucket ? null : { from: keyboard.from, to: keyboard.bucket })
  const selection = histogram === null || stretch === null ? null : spanOf(histogram, stretch)
  const bucket = keyboard === null ? pointer : Math.min(keyboard.bucket, buckets - 1)
  const canvases = useTimelineCanvas({ width, height, histogram, selection, brush, bucket, marker, theme })

  function bucketUnder(event: PointerEvent): number {
    const bounds = box.current?.getBoundingClientRect()
    if (bounds === undefined || histogram === null) return 0
    return bucketAt((event.clientX - bounds.left) / bounds.width, histogram.view)
  }

  function jump(to: number): void {
    if (shown === null || histogram === null) return
    const { since } = histogram.view
    const until = bucketStart(to, histogram.view)
    if (to === 0) return onJump(0)
    shown.search.histogram(since, until, 1).then(([before = 0]) => onJump(before), onFault)
  }

  function timeUnder(event: PointerEvent, { since, until }: TimeView): number {
    const bounds = box.current?.getBoundingClientRect()
    return since + ((event.clientX - (bounds?.left ?? 0)) / Math.max(1, bounds?.width ?? 0)) * (until - since)
  }

  const grip = useRef<BrushGrip | null>(null)
  function take({ view }: Histogram, event: PointerEvent): BrushGrip | null {
    const reach = (EDGE_PX / Math.max(1, width)) * lengthOf(view)
    return brush === null ? null : gripAt(timeUnder(event, view), brush, reach)
  }

  const pressedAt = useRef<number | null>(null)
  function onPointerDown(event: PointerEvent): void {
    if (event.button !== 0 || histogram === null) return
    pressedAt.current = event.clientX
    box.current?.setPointerCapture(event.pointerId)
    grip.current = take(histogram, event)
    if (grip.current !== null) return
    const at = bucketUnder(event)
    setKeyboard(null)
    setDrag({ from: at, to: at })
  }
  function onPointerMove(event: PointerEvent): void {
    if (grip.current !== null && histogram !== null) {
      return onBrush(draggedTo(timeUnder(event, histogram.view), grip.current))
    }
    const at = bucketUnder(event)
    setKeyboard(null)
    setPointer(at)
    if (drag !== null) setDrag({ from: drag.from, to: at })
  }
  function onPointerUp(event: PointerEvent): void {
    const isClick = Math.abs(event.clientX - (pressedAt.current ?? 0)) < DRAG_PX
    if (grip.current !== null) {
      grip.current = null
      if (isClick) jump(bucketUnder(event))
      return
    }
    if (drag === null || histogram === null) return
    setDrag(null)
    if (isClick) jump(drag.from)
    else onRange(spanOf(histogram, { from: drag.from, to: bucketUnder(event) }))
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (histogram === null || event.ctrlKey || event.metaKey || event.altKey) return
    const here = keyboard?.bucket ?? pointer ?? buckets - 1
    const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: buckets - 1 }[event.key]
    if (to !== undefined) {
      const at = keyboard === null && event.key.startsWith('Arrow') ? here : Math.min(buckets - 1, Math.max(0, to))
      setKeyboard({ bucket: at, from: event.shiftKey ? (keyboard?.from ?? here) : at })
    } else if (event.key === 'Enter' && keyboard !== null) {
      if (selection === null) jump(keyboard.bucket)
      else onRange(selection)
      setKeyboard(null)
    } else return
    event.preventDefault()
  }

  const readOut =
    histogram === null || bucket === null ? null : describe(histogram, stretch ?? { from: bucket, to: bucket })
  return (
    <div class="timeline">
      <div
        ref={box}
        class="timeline-box"
        role="application"
        aria-label="Timeline"
        aria-describedby="timeline-help"
        tabIndex={0}
        style={{ '--axis': `${AXIS_HEIGHT}px` }}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={() => {
          grip.current = null
          setDrag(null)
        }}
        onPointerLeave={() => setPointer(null)}
        onKeyDown={onKeyDown}
        onBlur={() => setKeyboard(null)}
      >
        <canvas ref={canvases.bars} class="timeline-bars" />
        <canvas ref={canvases.overlay} class="timeline-overlay" />
        {readOut !== null && bucket !== null && (
          <div
            class="timeline-tip"
            aria-hidden="true"
            data-side={bucket > buckets / 2 ? 'left' : 'right'}
            style={{ '--at': `${((bucket + 0.5) / Math.max(1, buckets)) * 100}%` }}
          >
            <b>{readOut.events}</b> {readOut.span}
          </div>
        )}
      </div>
      <p id="timeline-help" class="unseen">
        Left and right arrows move along the time, with Shift they select a stretch; Enter shows it.
      </p>
      <p class="unseen" aria-live="polite">
        {keyboard !== null && readOut !== null ? `${readOut.events}, ${readOut.span}` : ''}
      </p>
    </div>
  )
}

function spanOf({ view }: Histogram, { from, to }: { from: number; to: number }): TimeRange {
  return { since: bucketStart(Math.min(from, to), view), until: bucketStart(Math.max(from, to) + 1, view) }
}

function describe(histogram: Histogram, stretch: { from: number; to: number }): { events: string; span: string } {
  const { since, until } = spanOf(histogram, stretch)
  const counts = histogram.counts.subarray(Math.min(stretch.from, stretch.to), Math.max(stretch.from, stretch.to) + 1)
  const events = counts.reduce((sum, count) => sum + count, 0)
  return { events: events === 0 ? 'no events' : plural(events, 'event'), span: formatSpan(since, until) }
}
