import type { JSX } from 'preact'

const LEAST = 20
const MOST = 75
const STEP = 2

export interface SplitterProps {
  /** Percent of the width that lies behind it. */
  share: number
  onShare(share: number): void
}

/** Between two panes: dragged, or moved by the arrow keys. */
export function Splitter({ share, onShare }: SplitterProps): JSX.Element {
  const set = (next: number): void => onShare(Math.round(Math.min(MOST, Math.max(LEAST, next))))

  function onPointerMove(event: PointerEvent & { currentTarget: HTMLElement }): void {
    const panes = event.currentTarget.parentElement?.getBoundingClientRect()
    if (panes === undefined || !event.currentTarget.hasPointerCapture(event.pointerId)) return
    set(((panes.right - event.clientX) / Math.max(1, panes.width)) * 100)
  }

  function onKeyDown(event: KeyboardEvent): void {
    const by = { ArrowLeft: STEP, ArrowRight: -STEP }[event.key]
    if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    set(share + by)
  }

  return (
    <div
      class="splitter"
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the detail"
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      aria-valuenow={share}
      tabIndex={0}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
    />
  )
}
