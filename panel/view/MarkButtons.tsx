import type { JSX } from 'preact'

export interface MarkButtonsProps {
  /** Whether the event shown carries the mark. */
  isMarked(which: 'a' | 'b'): boolean
  onMark(which: 'a' | 'b'): void
}

/** Two states are compared: the one at mark A and the one at mark B. */
export function MarkButtons({ isMarked, onMark }: MarkButtonsProps): JSX.Element {
  return (
    <>
      {(['a', 'b'] as const).map((which) => (
        <button
          key={which}
          type="button"
          class="button icon-only mark"
          data-command={`mark-${which}`}
          aria-label={`Mark as ${which.toUpperCase()}`}
          aria-pressed={isMarked(which)}
          title={`Mark as ${which.toUpperCase()}, to compare the state`}
          onClick={() => onMark(which)}
        >
          {which.toUpperCase()}
        </button>
      ))}
    </>
  )
}
