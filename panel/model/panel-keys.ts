/** A key presses the button that carries its command, so that whatever a key does can be seen and clicked too. */
export interface PanelKey {
  /** As KeyboardEvent.key says it. */
  key: string
  command: string
  /** For the help: how the key is written, and what it does. */
  written: string
  does: string
}

export const VIEWS = ['Timeline', 'Events', 'Snapshot', 'Counters', 'Memory', 'Health'] as const
export type View = (typeof VIEWS)[number]

export const PANEL_KEYS: readonly PanelKey[] = [
  ...VIEWS.map((view, index) => ({
    key: String(index + 1),
    command: `view-${view}`,
    written: String(index + 1),
    does: view,
  })),
  { key: '/', command: 'filter', written: '/', does: 'Filter' },
  { key: 'n', command: 'next-match', written: 'N', does: 'Next match' },
  { key: 'N', command: 'previous-match', written: '⇧N', does: 'Previous match' },
  { key: ',', command: 'previous-in-topic', written: ',', does: 'Previous in the same topic' },
  { key: '.', command: 'next-in-topic', written: '.', does: 'Next in the same topic' },
  { key: '[', command: 'mark-a', written: '[', does: 'Mark as A' },
  { key: ']', command: 'mark-b', written: ']', does: 'Mark as B' },
  { key: 'x', command: 'compare', written: 'X', does: 'What changed from A to B' },
  { key: 'w', command: 'zoom-in', written: 'W', does: 'Zoom in' },
  { key: 's', command: 'zoom-out', written: 'S', does: 'Zoom out' },
  { key: 'a', command: 'pan-left', written: 'A', does: 'Earlier' },
  { key: 'd', command: 'pan-right', written: 'D', does: 'Later' },
  { key: 'f', command: 'fit', written: 'F', does: 'Fit all' },
  { key: 'h', command: 'hide-type', written: 'H', does: 'Hide events of this type' },
  { key: 'p', command: 'pin', written: 'P', does: 'Pin the lane' },
  { key: ' ', command: 'pause', written: 'Space', does: 'Pause' },
  { key: 'End', command: 'live', written: 'End', does: 'Jump to live' },
  { key: 'c', command: 'copy-value', written: 'C', does: 'Copy value' },
  { key: 'C', command: 'copy-path', written: '⇧C', does: 'Copy path' },
  { key: 'e', command: 'export', written: 'E', does: 'Export what is shown' },
  { key: 'E', command: 'export-as', written: '⇧E', does: 'Export as…' },
  { key: '?', command: 'help', written: '?', does: 'Keys' },
]

/** Keys of single views, which are no commands. */
export const OTHER_KEYS = [
  { written: '↑ ↓ · J K', does: 'Rows' },
  { written: 'Enter', does: 'Event detail' },
  { written: '← →', does: 'Along the timeline; with ⇧ a stretch' },
] as const

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'defaultPrevented'>

// Escape alone and Ctrl+[ ] belong to DevTools.
export function commandOf({ key, ctrlKey, metaKey, altKey, defaultPrevented }: Pressed): string | null {
  if (ctrlKey || metaKey || altKey || defaultPrevented) return null
  return PANEL_KEYS.find((own) => own.key === key)?.command ?? null
}
