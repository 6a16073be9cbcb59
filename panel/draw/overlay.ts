import type { TimeTick } from '../model/time-ticks.js'
import type { TimeView } from '../model/time-view.js'
import type { Ink } from './ink.js'

export interface OverlayScene {
  view: TimeView
  ticks: TimeTick[]
  /** CSS pixels. */
  width: number
  height: number
  axisHeight: number
  /** Times; drawn as a shaded stretch. */
  selection: { since: number; until: number } | null
  /** What the lanes show: the rest is shaded. */
  brush: { since: number; until: number } | null
  /** The bucket under the pointer or the keyboard's cursor. */
  bucket: number | null
  /** The event shown in the detail. */
  marker: number | null
}

/** Everything that moves without the bars: axis, stretch, cursor, marker. */
export function paintOverlay(context: CanvasRenderingContext2D, scene: OverlayScene, ink: Ink): void {
  const { view, width, height, axisHeight, selection, brush, bucket, marker } = scene
  const plot = height - axisHeight
  const x = (time: number): number => ((time - view.since) / (view.until - view.since)) * width
  context.clearRect(0, 0, width, height)

  context.fillStyle = ink.grid
  context.fillRect(0, plot, width, 1)
  if (bucket !== null) {
    const step = width / view.buckets
    context.fillStyle = ink.selection
    context.fillRect(Math.round(bucket * step), 0, Math.max(1, Math.round(step)), plot)
  }
  if (selection !== null) {
    const from = Math.round(x(selection.since))
    const to = Math.round(x(selection.until))
    context.fillStyle = ink.selection
    context.fillRect(from, 0, to - from, plot)
    context.fillStyle = ink.selectionEdge
    context.fillRect(from, 0, 1, plot)
    context.fillRect(to - 1, 0, 1, plot)
  }
  if (brush !== null) {
    const [from, to] = [Math.max(0, Math.round(x(brush.since))), Math.min(width, Math.round(x(brush.until)))]
    context.fillStyle = ink.shade
    context.fillRect(0, 0, from, plot)
    context.fillRect(to, 0, width - to, plot)
    context.fillStyle = ink.selectionEdge
    context.fillRect(from, 0, 2, plot)
    context.fillRect(Math.max(from + 2, to - 2), 0, 2, plot)
  }
  paintAxis(context, scene, ink, x)
  if (marker !== null && marker >= view.since && marker < view.until) {
    const at = Math.round(x(marker))
    context.fillStyle = ink.cursor
    context.fillRect(at, 0, 1, plot)
    context.beginPath()
    context.moveTo(at - 3.5, 0)
    context.lineTo(at + 4.5, 0)
    context.lineTo(at + 0.5, 5)
    context.fill()
  }
}

function paintAxis(
  context: CanvasRenderingContext2D,
  { ticks, width, height, axisHeight }: OverlayScene,
  ink: Ink,
  x: (time: number) => number,
): void {
  const plot = height - axisHeight
  context.font = '10px system-ui, sans-serif'
  context.textBaseline = 'middle'
  for (const { time, label } of ticks) {
    const at = Math.round(x(time))
    context.fillStyle = ink.grid
    context.fillRect(at, plot, 1, 5)
    const space = context.measureText(label).width
    if (at + 4 + space > width) continue
    context.fillStyle = ink.text
    context.fillText(label, at + 4, plot + axisHeight / 2 + 1)
  }
}
