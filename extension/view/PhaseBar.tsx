import type { JSX } from 'preact'
import type { Phase } from '../phase.js'
import { PhaseButton, type PhaseActions } from './PhaseButton.js'
import { textOf } from './phase-text.js'

/** Over a store that was shown and cannot be asked now. */
export function PhaseBar({ phase, ...actions }: { phase: Phase } & PhaseActions): JSX.Element {
  const { title, text } = textOf(phase)
  return (
    <div class="notice phase-bar" role="status">
      <span>
        <b>{title}.</b> {text} <span class="dim">What you see is the last it told.</span>
      </span>
      <PhaseButton phase={phase} {...actions} />
    </div>
  )
}
