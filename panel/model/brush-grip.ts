import type { Viewport } from './viewport.js'

/** How the brush was taken: by an edge, which is drawn out, or by its middle, which moves it. */
export interface BrushGrip {
  edge: 'since' | 'until' | null
  time: number
  brush: Viewport
}

const LEAST_MS = 1

/** `reach`: so near its edge it is taken by it. Null beside the brush. */
export function gripAt(time: number, brush: Viewport, reach: number): BrushGrip | null {
  if (Math.abs(time - brush.since) <= reach) return { edge: 'since', time, brush }
  if (Math.abs(time - brush.until) <= reach) return { edge: 'until', time, brush }
  return time > brush.since && time < brush.until ? { edge: null, time, brush } : null
}

/** The brush once what was taken is at another time. */
export function draggedTo(time: number, { edge, time: from, brush }: BrushGrip): Viewport {
  if (edge === 'since') return { since: Math.min(time, brush.until - LEAST_MS), until: brush.until }
  if (edge === 'until') return { since: brush.since, until: Math.max(time, brush.since + LEAST_MS) }
  return { since: brush.since + time - from, until: brush.until + time - from }
}
