import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useReducer, useRef } from 'preact/hooks'
import { highest, paintLanes } from '../draw/histogram.js'
import { readInk, type Ink } from '../draw/ink.js'
import { paintOverlay } from '../draw/overlay.js'
import { timeTicks } from '../model/time-ticks.js'
import type { TimeRange } from './use-filter.js'
import type { Histogram } from './use-histogram.js'

export const AXIS_HEIGHT = 18
/** Above the highest bar, for the marker. */
const HEADROOM = 6
const PX_PER_TICK = 96

export interface TimelineScene {
  width: number
  height: number
  histogram: Histogram | null
  selection: TimeRange | null
  brush: TimeRange | null
  bucket: number | null
  marker: number | null
  theme: string
}

/** Two canvases: the bars, painted when counts change, and over them what moves with the pointer. */
export function useTimelineCanvas(scene: TimelineScene): {
  bars: RefObject<HTMLCanvasElement | null>
  overlay: RefObject<HTMLCanvasElement | null>
} {
  const { width, height, histogram, selection, brush, bucket, marker, theme } = scene
  const bars = useRef<HTMLCanvasElement>(null)
  const overlay = useRef<HTMLCanvasElement>(null)
  const ink = useRef<Ink | null>(null)
  const appearance = useAppearance()

  useLayoutEffect(() => {
    ink.current = overlay.current?.parentElement ? readInk(overlay.current.parentElement) : null
  }, [appearance, theme])

  useLayoutEffect(() => {
    const canvas = bars.current
    const plot = height - AXIS_HEIGHT
    if (canvas === null || ink.current === null || width === 0 || plot <= 0) return
    const ratio = devicePixelRatio
    fit(canvas, width * ratio, plot * ratio)
    const context = canvas.getContext('2d')
    if (context === null) return
    const image = context.createImageData(canvas.width, canvas.height)
    if (histogram !== null) {
      const { counts } = histogram
      const top = Math.min(canvas.height - 1, Math.round(HEADROOM * ratio))
      const lane = { counts, max: highest(counts), color: ink.current.bar, top, height: canvas.height - top }
      paintLanes(image, [lane], ratio)
    }
    context.putImageData(image, 0, 0)
  }, [histogram, width, height, appearance, theme])

  useLayoutEffect(() => {
    const canvas = overlay.current
    if (canvas === null || ink.current === null || width === 0) return
    const ratio = devicePixelRatio
    fit(canvas, width * ratio, height * ratio)
    const context = canvas.getContext('2d')
    if (context === null) return
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    if (histogram === null) {
      context.clearRect(0, 0, width, height)
      return
    }
    const { view } = histogram
    const ticks = timeTicks(view.since, view.until, Math.floor(width / PX_PER_TICK))
    paintOverlay(
      context,
      { view, ticks, width, height, axisHeight: AXIS_HEIGHT, selection, brush, bucket, marker },
      ink.current,
    )
  }, [
    histogram,
    width,
    height,
    selection?.since,
    selection?.until,
    brush?.since,
    brush?.until,
    bucket,
    marker,
    appearance,
    theme,
  ])

  return { bars, overlay }
}

function fit(canvas: HTMLCanvasElement, width: number, height: number): void {
  const [pixelsWide, pixelsHigh] = [Math.round(width), Math.round(height)]
  if (canvas.width !== pixelsWide) canvas.width = pixelsWide
  if (canvas.height !== pixelsHigh) canvas.height = pixelsHigh
}

/** Changes when the system's theme or the density of the screen does. */
function useAppearance(): number {
  const [version, change] = useReducer((count: number) => count + 1, 0)
  useEffect(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const density = matchMedia(`(resolution: ${devicePixelRatio}dppx)`)
    const onChange = (): void => change(undefined as never)
    dark.addEventListener('change', onChange)
    density.addEventListener('change', onChange)
    return () => {
      dark.removeEventListener('change', onChange)
      density.removeEventListener('change', onChange)
    }
  }, [version])
  return version
}
