import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { toRgb, type Rgb } from '../draw/ink.js'
import { paintTile } from '../draw/lanes.js'
import type { LaneCounts } from '../model/lane-order.js'
import { topicHue } from '../model/topic-hue.js'
import type { Tile, Viewport } from '../model/viewport.js'

export const LANE_HEIGHT = 24
const LANE_PADDING = 4

export interface LaneScene {
  width: number
  tile: Tile | null
  drawn: LaneCounts[]
  view: Viewport | null
}

/** Paints when counts or the viewport change; what moves over it is not its concern. */
export function useLaneCanvas({ width, tile, drawn, view }: LaneScene): RefObject<HTMLCanvasElement | null> {
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
    if (tile === null || view === null) {
      context.clearRect(0, 0, wide, high)
      return
    }
    const bars = drawn.map(({ key, counts }, index) => ({
      counts,
      color: colorOf(key),
      top: Math.round((index * LANE_HEIGHT + LANE_PADDING) * ratio),
      height: Math.round((LANE_HEIGHT - LANE_PADDING) * ratio) - 1,
    }))
    paintTile(image.current, bars, tile, view, ratio)
    context.putImageData(image.current, 0, 0)
  }, [width, tile, drawn, view?.since, view?.until])
  return canvas
}

const colors = new Map<number, Rgb>()

function colorOf(key: string): Rgb {
  const hue = topicHue(key)
  const known = colors.get(hue) ?? toRgb(`oklch(0.66 0.13 ${hue})`)
  colors.set(hue, known)
  return known
}
