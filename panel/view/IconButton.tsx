import type { JSX } from 'preact'
import { Icon, type IconName } from './Icon.js'

export interface IconButtonProps {
  label: string
  icon: IconName
  /** The key's that presses it. */
  command?: string
  /** For the style sheet. */
  kind?: string
  pressed?: boolean
  /** Null: there is nothing to do. */
  onPress: (() => void) | null
}

export function IconButton({ label, icon, command, kind = '', pressed, onPress }: IconButtonProps): JSX.Element {
  return (
    <button
      type="button"
      class={`button icon-only ${kind}`}
      data-command={command}
      aria-label={label}
      aria-pressed={pressed}
      title={label}
      disabled={onPress === null}
      onClick={() => onPress?.()}
    >
      <Icon name={icon} />
    </button>
  )
}
