import type { JSX } from 'preact'
import { useEffect, useReducer, useRef } from 'preact/hooks'
import type { StoredEvent } from '../../src/core/event.js'
import type { SearchProgress } from '../../src/protocol/panel-source.js'
import { EventRate } from '../model/event-rate.js'
import { formatCount, formatRate, formatShort } from '../model/format.js'
import { Icon } from './Icon.js'

export interface StatusLineProps {
  progress: SearchProgress | null
  /** The selected event, else the last one in sight. */
  viewing: StoredEvent | null
  onJump: (() => void) | null
}

export function StatusLine({ progress, viewing, onJump }: StatusLineProps): JSX.Element {
  const perSecond = useEventRate(progress)
  const head = progress?.head ?? -1
  const behind = viewing === null ? 0 : Math.max(0, head - viewing.sequence)
  return (
    <footer class="status">
      {/* The role for finding it; spoken, it would never stop. */}
      <div role="status" aria-live="off" class="status-facts">
        {progress === null ? (
          <span>waiting for the store</span>
        ) : (
          <>
            <span>head {head < 0 ? '–' : formatCount(head)}</span>
            <span class="status-rate">{formatRate(perSecond)}</span>
            {viewing !== null && (
              <span>
                viewing {formatCount(viewing.sequence)}
                {behind > 0 && <span class="dim"> ({formatShort(behind)} behind)</span>}
              </span>
            )}
          </>
        )}
      </div>
      {onJump !== null && (
        <button type="button" class="button small primary" data-command="live" onClick={onJump}>
          <Icon name="live" />
          Jump to live
        </button>
      )}
    </footer>
  )
}

/** Falls back to zero by itself: an idle store sends nothing that would redraw. */
function useEventRate(progress: SearchProgress | null): number {
  const rate = useRef(new EventRate())
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  const total = progress?.total
  const seen = useRef<number | undefined>(undefined)
  if (total !== undefined && total !== seen.current) {
    rate.current.add(performance.now(), total)
    seen.current = total
  }
  const perSecond = rate.current.perSecond(performance.now())
  useEffect(() => {
    if (perSecond === 0) return
    const timer = setTimeout(() => redraw(undefined as never), 1000)
    return () => clearTimeout(timer)
  })
  return perSecond
}
