import type { JSX } from 'preact'
import { faultText } from '../model/fault-text.js'
import type { FilterError } from '../model/filter-reader.js'
import { IconButton } from './IconButton.js'

export interface NoticesProps {
  errors: FilterError[]
  text: string
  /** Of the last call that failed; null when there is none. */
  fault: unknown
  /** What a command came to; null when there is nothing to say. */
  said: string | null
  onDismiss(): void
  lost: { error: unknown } | null
  onReconnect(): void
}

export function Notices({ errors, text, fault, said, onDismiss, lost, onReconnect }: NoticesProps): JSX.Element {
  return (
    <div class="notices">
      <ul id="filter-errors" class="filter-errors" aria-live="polite">
        {errors.map(({ from, to, message }) => (
          <li key={from}>
            <code>{text.slice(from, to)}</code> {message}
          </li>
        ))}
      </ul>
      {lost !== null && (
        <div class="notice" role="alert">
          <span>
            The store stopped answering. {lost.error === null ? '' : faultText(lost.error)} What you see is the last it
            told.
          </span>
          <button type="button" class="button small" onClick={onReconnect}>
            Reconnect
          </button>
        </div>
      )}
      {fault !== null && (
        <div class="notice" role="alert">
          <span>That did not work. {faultText(fault)}</span>
          <IconButton label="Dismiss" icon="close" kind="bare" onPress={onDismiss} />
        </div>
      )}
      {said !== null && (
        <div class="notice good">
          <span>{said}</span>
          <IconButton label="Dismiss" icon="close" kind="bare" onPress={onDismiss} />
        </div>
      )}
    </div>
  )
}
