import type { JSX } from 'preact'
import type { Change } from '../../src/core/projection.js'
import { pathText } from '../model/path-text.js'
import { preview } from '../model/value-preview.js'
import { Preview } from './Preview.js'

export interface ChangeRowProps {
  change: Change
  /** Before the path: which event it was. */
  title?: string
  label: string
  onOpen(): void
}

const SIGNS: Record<Change['kind'], string> = { added: '+', removed: '−', changed: '±' }

export function ChangeRow({ change, title, label, onOpen }: ChangeRowProps): JSX.Element {
  const { kind, path, before, after } = change
  return (
    <li>
      <button type="button" class="change" data-kind={kind} title={label} onClick={onOpen}>
        <span class="change-sign" role="img" aria-label={kind}>
          {SIGNS[kind]}
        </span>
        <span class="change-path">{title ?? pathText(path)}</span>
        <span class="change-value">
          {kind !== 'added' && <Preview parts={preview(before, 60)} />}
          {kind === 'changed' && <span class="dim"> → </span>}
          {kind !== 'removed' && <Preview parts={preview(after, 60)} />}
        </span>
      </button>
    </li>
  )
}
