import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { toRgb, type Rgb } from '../draw/ink.js'
import { paintTile } from '../draw/lanes.js'
import type { LaneCounts } from '../model/lane-order.js'
import type { NameColors } from '../model/name-colors.js'
import type { Tile, Viewport } from '../model/viewport.js'

export const LANE_HEIGHT = 24
const LANE_PADDING = 4

export interface LaneScene {
  width: number
  tile: Tile | null
  drawn: LaneCounts[]
  view: Viewport | null
  /** Null: not known yet. */
  colors: NameColors | null
}

/** Paints when counts or the viewport change; what moves over it is not its concern. */
export function useLaneCanvas({ width, tile, drawn, view, colors }: LaneScene): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null)
  const image = useRef<ImageData | null>(null)
  useLayoutEffect(() => {
    const target = canvas.current
    if (target === null || width === 0) return
    const ratio = devicePixelRatio
    const [wide, high] = [Math.round(width * ratio), Math.max(1, Math.round(drawn.length * LANE_HEIGHT * ratio))]
    if (target.width !== wide) target.width = wide
    if (target.height !== high) target.height = high
    const context = target.getContext('2d')
    if (context === null) return
    if (image.current?.width !== wide || image.current.height !== high)
      image.current = context.createImageData(wide, high)
    if (tile === null || view === null || colors === null) {
      context.clearRect(0, 0, wide, high)
      return
    }
    const bars = drawn.map(({ key, counts }, index) => ({
      counts,
      color: rgbOf(colors.of(key)),
      top: Math.round((index * LANE_HEIGHT + LANE_PADDING) * ratio),
      height: Math.round((LANE_HEIGHT - LANE_PADDING) * ratio) - 1,
    }))
    paintTile(image.current, bars, tile, view, ratio)
    context.putImageData(image.current, 0, 0)
  }, [width, tile, drawn, view?.since, view?.until, colors])
  return canvas
}

const known = new Map<string, Rgb>()

function rgbOf(color: string): Rgb {
  const rgb = known.get(color) ?? toRgb(color)
  known.set(color, rgb)
  return rgb
}
