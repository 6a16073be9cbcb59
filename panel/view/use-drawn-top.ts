import { useEffect, useReducer, useRef } from 'preact/hooks'

/** A screenful of new rows takes most of a frame: nobody could read more of them than this. */
const FLYING_MS = 100
const FOLLOWING_MS = 350

/**
 * The rank to draw at the upper edge: `top` itself, but for a log that flies by by more than a screenful at a time,
 * which is drawn anew now and then only. `about`: where ranks are of something else, nothing of before is drawn.
 */
export function useDrawnTop(top: number, screenful: number, isFollowing: boolean, about: unknown): number {
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  const drawn = useRef({ top, at: -Infinity, about })
  const now = performance.now()
  const due = drawn.current.at + (isFollowing ? FOLLOWING_MS : FLYING_MS)
  if (drawn.current.about !== about) drawn.current = { top, at: -Infinity, about }
  else if (Math.abs(top - drawn.current.top) < screenful) drawn.current.top = top
  else if (now >= due) drawn.current = { top, at: now, about }
  const isHeld = drawn.current.top !== top
  useEffect(() => {
    if (!isHeld) return
    const timer = setTimeout(() => redraw(undefined as never), due - performance.now())
    return () => clearTimeout(timer)
  }, [isHeld, due])
  return drawn.current.top
}
