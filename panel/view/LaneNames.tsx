import type { JSX } from 'preact'
import { formatCount } from '../model/format.js'
import type { LaneCounts } from '../model/lane-order.js'
import type { NameColors } from '../model/name-colors.js'
import { IconButton } from './IconButton.js'

export interface LaneNamesProps {
  lanes: readonly LaneCounts[]
  pinned: readonly string[]
  /** The one of the selected event. */
  activeKey: string | null
  colors: NameColors | null
  onPin(key: string): void
  onHide(key: string): void
}

export function LaneNames({ lanes, pinned, activeKey, colors, onPin, onHide }: LaneNamesProps): JSX.Element {
  return (
    <ul class="lane-names">
      {lanes.map(({ key, total }) => (
        <li key={key} class="lane-name" data-active={key === activeKey}>
          <i class="topic-dot" style={{ '--color': colors?.of(key) }} />
          <span class="lane-key" title={`${key}: ${formatCount(total)} around here`}>
            {key}
          </span>
          <IconButton
            label={`Pin ${key}`}
            icon="pin"
            kind="bare pin"
            command={key === activeKey ? 'pin' : undefined}
            pressed={pinned.includes(key)}
            onPress={() => onPin(key)}
          />
          <IconButton label={`Hide ${key}`} icon="eye" kind="bare" onPress={() => onHide(key)} />
        </li>
      ))}
    </ul>
  )
}
