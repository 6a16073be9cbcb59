import type { JSX } from 'preact'

const LEAST = 20
const MOST = 75
const STEP = 2

export interface SplitterProps {
  /** Percent of the room that lies behind it. */
  share: number
  /** One pane under the other. */
  isStacked: boolean
  onShare(share: number): void
}

/** Between two panes: dragged, or moved by the arrow keys. */
export function Splitter({ share, isStacked, onShare }: SplitterProps): JSX.Element {
  const set = (next: number): void => onShare(Math.round(Math.min(MOST, Math.max(LEAST, next))))

  function onPointerMove(event: PointerEvent & { currentTarget: HTMLElement }): void {
    const panes = event.currentTarget.parentElement?.getBoundingClientRect()
    if (panes === undefined || !event.currentTarget.hasPointerCapture(event.pointerId)) return
    const part = isStacked
      ? (panes.bottom - event.clientY) / Math.max(1, panes.height)
      : (panes.right - event.clientX) / Math.max(1, panes.width)
    set(part * 100)
  }

  function onKeyDown(event: KeyboardEvent): void {
    const [more, less] = isStacked ? ['ArrowUp', 'ArrowDown'] : ['ArrowLeft', 'ArrowRight']
    const by = event.key === more ? STEP : event.key === less ? -STEP : 0
    if (by === 0 || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    set(share + by)
  }

  return (
    <div
      class="splitter"
      role="separator"
      aria-orientation={isStacked ? 'horizontal' : 'vertical'}
      aria-label={isStacked ? 'Height of the detail' : 'Width of the detail'}
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
