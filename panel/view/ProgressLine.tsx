import type { JSX } from 'preact'
import type { Progress } from '../../src/core/store.js'
import { formatBytes, formatShort } from '../model/format.js'

/** Null: it has only begun. */
export function ProgressLine({ label, progress }: { label: string; progress: Progress | null }): JSX.Element {
  return (
    <p class="dialog-progress">
      <progress aria-label={label} max={progress?.total ?? 1} value={progress?.done ?? 0} />
      {progress !== null &&
        `${formatShort(progress.done)} of ${formatShort(progress.total)}, ${formatBytes(progress.bytes)}`}
    </p>
  )
}
