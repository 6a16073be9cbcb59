import type { ComponentChildren, JSX } from 'preact'
import { faultText } from '../model/fault-text.js'
import type { Asked } from './use-asked.js'

/** What was asked for, or why it is not there. */
export function Answer({ asked, children }: { asked: Asked<unknown>; children: ComponentChildren }): JSX.Element {
  if (asked.fault !== null) {
    return (
      <p class="pane-note" role="alert">
        {faultText(asked.fault)}
      </p>
    )
  }
  return asked.value === null && asked.isStale ? <p class="pane-note">Working it out…</p> : <>{children}</>
}
