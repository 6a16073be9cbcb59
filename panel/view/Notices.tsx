import type { JSX } from 'preact'
import type { Health } from '../../src/core/health.js'
import { FailedCall } from '../model/failed-call.js'
import { faultText } from '../model/fault-text.js'
import type { FilterError } from '../model/filter-reader.js'
import type { Lost } from './use-search.js'
import { IconButton } from './IconButton.js'

const HEALTH_WORDS: Record<Exclude<Health['state'], 'ok'>, string> = {
  degraded: 'The app cannot store all it records.',
  'read-only': 'Nothing can be written.',
  stopped: 'The store has stopped.',
}

export interface NoticesProps {
  errors: FilterError[]
  text: string
  /** Of the last call that failed; null when there is none. */
  fault: unknown
  /** What a command came to; null when there is nothing to say. */
  said: string | null
  onDismiss(): void
  /** Null: not told yet. */
  health: Health | null
  lost: Lost | null
  onReconnect(): void
}

export function Notices({
  errors,
  text,
  fault,
  said,
  onDismiss,
  health,
  lost,
  onReconnect,
}: NoticesProps): JSX.Element {
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
            <b>Reconnecting</b> attempt {lost.attempts}:{' '}
            {lost.error === null ? 'the store stopped answering.' : faultText(lost.error)} What you see is the last it
            told.
          </span>
          <button type="button" class="button small" onClick={onReconnect}>
            Try now
          </button>
        </div>
      )}
      {health !== null && health.state !== 'ok' && (
        <div class="notice" role="alert">
          <span>
            {HEALTH_WORDS[health.state]} {health.fault === null ? '' : faultText(health.fault.message)} What is stored
            can be looked at.
          </span>
        </div>
      )}
      {fault !== null && (
        <div class="notice" role="alert">
          <span>
            {fault instanceof FailedCall ? `${fault.call}() failed.` : 'That did not work.'} {faultText(fault)}
          </span>
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
