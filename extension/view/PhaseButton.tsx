import type { JSX } from 'preact'
import type { Phase } from '../phase.js'

export interface PhaseActions {
  onAllow(origin: string): void
  onLook(): void
}

/** What its user can do about it, if anything. */
export function PhaseButton({ phase, onAllow, onLook }: { phase: Phase } & PhaseActions): JSX.Element | null {
  switch (phase.is) {
    case 'no-permission':
      return (
        <button type="button" class="button" onClick={() => onAllow(phase.origin)}>
          Allow {phase.origin}…
        </button>
      )
    case 'no-library':
    case 'refused':
    case 'absent':
      return (
        <button type="button" class="button small" onClick={onLook}>
          Look again
        </button>
      )
    default:
      return null
  }
}
