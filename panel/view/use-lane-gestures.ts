import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { spanOf, type Viewport } from '../model/viewport.js'
import type { ViewportState } from './use-viewport.js'

/** A press that moves less is a click. */
const CLICK_PX = 4
const WHEEL_ZOOM = 0.002

export interface LaneGestures {
  /** Under the pointer; null while it is elsewhere. */
  hover: { time: number; y: number } | null
  /** Being dragged out with Shift. */
  stretch: Viewport | null
}

interface Press {
  x: number
  /** Where it is by now. */
  heldAt: number
  time: number
  view: Viewport
}

/** Drag pans, with Shift it selects; two fingers pinch; the wheel zooms, sideways it pans; a click goes there. */
export function useLaneGestures(
  box: RefObject<HTMLElement | null>,
  viewport: ViewportState,
  on: { click(time: number): void; select(stretch: Viewport): void },
): LaneGestures {
  const [hover, setHover] = useState<LaneGestures['hover']>(null)
  const [stretch, setStretch] = useState<Viewport | null>(null)
  const latest = useRef({ viewport, on })
  latest.current = { viewport, on }

  useEffect(() => {
    const target = box.current
    if (target === null) return
    const pressed = new Map<number, Press>()
    let selecting: Viewport | null = null
    let moved = false

    const placeOf = (event: MouseEvent): { fraction: number; x: number; y: number; width: number } => {
      const bounds = target.getBoundingClientRect()
      const x = event.clientX - bounds.left
      return { x, y: event.clientY - bounds.top, width: bounds.width, fraction: x / Math.max(1, bounds.width) }
    }
    const timeAt = (fraction: number, view: Viewport): number => view.since + fraction * spanOf(view)

    const onDown = (event: PointerEvent): void => {
      const { view } = latest.current.viewport
      if (event.button !== 0 || view === null) return
      const { x, fraction } = placeOf(event)
      const time = timeAt(fraction, view)
      if (pressed.size === 0) moved = false
      pressed.set(event.pointerId, { x, heldAt: x, time, view })
      selecting = event.shiftKey && pressed.size === 1 ? { since: time, until: time } : null
      target.setPointerCapture(event.pointerId)
    }
    const onMove = (event: PointerEvent): void => {
      const { viewport: state } = latest.current
      if (state.view === null) return
      const { x, y, width, fraction } = placeOf(event)
      setHover({ time: timeAt(fraction, state.view), y })
      const press = pressed.get(event.pointerId)
      if (press === undefined) return
      press.heldAt = x
      if (Math.abs(x - press.x) >= CLICK_PX) moved = true
      if (!moved) return
      if (selecting !== null) {
        const time = timeAt(fraction, state.view)
        selecting = { since: Math.min(press.time, time), until: Math.max(press.time, time) }
        setStretch(selecting)
        return
      }
      const other = [...pressed].find(([id]) => id !== event.pointerId)?.[1]
      if (other === undefined) {
        const by = ((x - press.x) / width) * spanOf(press.view)
        state.set({ since: press.view.since - by, until: press.view.until - by })
      } else {
        // The times under both fingers stay under them.
        const perPx = (press.time - other.time) / (x - other.heldAt || 1)
        if (perPx <= 0) return
        const since = press.time - x * perPx
        state.set({ since, until: since + width * perPx })
      }
    }
    const onUp = (event: PointerEvent): void => {
      const press = pressed.get(event.pointerId)
      pressed.delete(event.pointerId)
      if (press === undefined || event.type === 'pointercancel') return
      if (selecting !== null && moved) latest.current.on.select(selecting)
      else if (!moved && pressed.size === 0) latest.current.on.click(press.time)
      selecting = null
      setStretch(null)
      // The finger that is left pans from where it is now.
      const { view } = latest.current.viewport
      if (view !== null) for (const [id, own] of pressed) pressed.set(id, { ...own, x: own.heldAt, view })
    }
    const onLeave = (): void => setHover(null)
    const onWheel = (event: WheelEvent): void => {
      const { viewport: state } = latest.current
      event.preventDefault()
      const { width, fraction } = placeOf(event)
      const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX
      if (Math.abs(sideways) > Math.abs(event.deltaY) || event.shiftKey) state.pan(sideways / Math.max(1, width))
      else state.zoom(Math.exp(event.deltaY * WHEEL_ZOOM), fraction)
    }

    target.addEventListener('pointerdown', onDown)
    target.addEventListener('pointermove', onMove)
    target.addEventListener('pointerup', onUp)
    target.addEventListener('pointercancel', onUp)
    target.addEventListener('pointerleave', onLeave)
    target.addEventListener('wheel', onWheel, { passive: false })
    return () => {
      target.removeEventListener('pointerdown', onDown)
      target.removeEventListener('pointermove', onMove)
      target.removeEventListener('pointerup', onUp)
      target.removeEventListener('pointercancel', onUp)
      target.removeEventListener('pointerleave', onLeave)
      target.removeEventListener('wheel', onWheel)
    }
  }, [box])

  return { hover, stretch }
}
