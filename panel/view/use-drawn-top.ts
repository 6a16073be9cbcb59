import { useEffect, useReducer, useRef } from 'preact/hooks'

/** A screenful of new rows takes half of a frame, and nobody can read more of them than this. */
const SPAN_MS = 350
const JUMPS_IN_SPAN = 2
/** Of a screenful, in a log that is scrolled: what goes on by less is drawn with every frame. */
const JUMP = 0.5
/** Of a log that is followed: nobody asked for this one in particular. */
const STEPS_IN_SPAN = 1

interface Drawn {
  top: number
  isFollowing: boolean
  /** When it jumped, newest last. */
  jumpedAt: number[]
  about: unknown
  cursor: number | null
}

/**
 * The rank to draw at the upper edge: `top` itself, but for a log that flies by in jumps, which is drawn
 * anew now and then. `about`, `cursor`: where ranks are of something else, or a row was chosen, it is drawn at once.
 */
export function useDrawnTop(
  top: number,
  screenful: number,
  isFollowing: boolean,
  about: unknown,
  cursor: number | null,
): number {
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  const drawn = useRef<Drawn>({ top, isFollowing, jumpedAt: [], about, cursor })
  const { jumpedAt } = drawn.current
  const now = performance.now()
  const before = jumpedAt.at(isFollowing && drawn.current.isFollowing ? -STEPS_IN_SPAN : -JUMPS_IN_SPAN)
  const due = (before ?? -Infinity) + SPAN_MS
  const jump = isFollowing ? screenful : screenful * JUMP
  const isOther = drawn.current.about !== about || drawn.current.cursor !== cursor
  if (isOther) drawn.current = { top, isFollowing, jumpedAt: [], about, cursor }
  else if (Math.abs(top - drawn.current.top) < jump) drawn.current.top = top
  else if (now >= due) {
    drawn.current = { top, isFollowing, jumpedAt: [...jumpedAt, now].slice(-JUMPS_IN_SPAN), about, cursor }
  }
  const isHeld = drawn.current.top !== top
  useEffect(() => {
    if (!isHeld) return
    const timer = setTimeout(() => {
      // A timer may be early by a part of a millisecond: that it fired is what counts.
      drawn.current.jumpedAt = []
      redraw(undefined as never)
    }, due - performance.now())
    return () => clearTimeout(timer)
  }, [isHeld, due])
  return drawn.current.top
}
