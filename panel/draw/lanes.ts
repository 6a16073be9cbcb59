import type { Tile, Viewport } from '../model/viewport.js'
import { colorWord } from './histogram.js'
import type { Rgb } from './ink.js'

export interface LaneBars {
  counts: Uint32Array
  color: Rgb
  /** Device pixels. */
  top: number
  height: number
}

// The tile may be of another viewport, or another resolution: its bars are drawn where their times are.
export function paintTile(image: ImageData, lanes: LaneBars[], tile: Tile, view: Viewport, pixelRatio: number): void {
  const pixels = new Uint32Array(image.data.buffer)
  pixels.fill(0)
  const { width } = image
  const perMs = width / (view.until - view.since)
  const first = Math.max(0, Math.floor((view.since - tile.since) / tile.bucketMs))
  const end = Math.min(tile.buckets, Math.ceil((view.until - tile.since) / tile.bucketMs))
  const edge = (bucket: number): number =>
    Math.min(width, Math.max(0, Math.round((tile.since + bucket * tile.bucketMs - view.since) * perMs)))
  for (const { counts, color, top, height } of lanes) {
    const word = colorWord(color)
    const max = highestBetween(counts, first, end)
    const bottom = top + height
    const least = Math.min(height, Math.max(1, Math.round(3 * pixelRatio)))
    for (let bucket = first; bucket < end; bucket++) {
      const count = counts[bucket] ?? 0
      if (count === 0) continue
      const from = Math.min(width - 1, edge(bucket))
      const to = Math.max(from + 1, edge(bucket + 1))
      const bar = Math.max(least, Math.round((count / max) * height))
      // Some two pixels wide: calling fill() would take longer than filling.
      for (let row = (bottom - bar) * width; row < bottom * width; row += width) {
        for (let x = from; x < to; x++) pixels[row + x] = word
      }
    }
  }
}

function highestBetween(counts: Uint32Array, first: number, end: number): number {
  let max = 1
  for (let bucket = first; bucket < end; bucket++) max = Math.max(max, counts[bucket] ?? 0)
  return max
}
