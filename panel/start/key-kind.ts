export type KeyKind =
  | 'letter'
  | 'digit'
  | 'space'
  | 'punctuation'
  | 'composition'
  | 'navigation'
  | 'editing'
  | 'modifier'
  | 'function'
  | 'shortcut'
  | 'other'

export interface KeyPress {
  key: string
  ctrlKey?: boolean
  altKey?: boolean
  metaKey?: boolean
  isComposing?: boolean
  /** AltGr writes characters; it is no shortcut, though Windows reports it as Ctrl+Alt. */
  altGraph?: boolean
}

const NAVIGATION = [
  'ArrowUp',
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
  'Home',
  'End',
  'PageUp',
  'PageDown',
  'Tab',
  'Escape',
]
const EDITING = ['Enter', 'Backspace', 'Delete', 'Insert', 'Clear', 'Cut', 'Copy', 'Paste', 'Undo', 'Redo']
const MODIFIER = ['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'NumLock', 'ScrollLock', 'Fn', 'FnLock']

/** Keys that write nothing, and so may be named. */
const NAMED = new Map<string, KeyKind>([
  ...NAVIGATION.map((key) => [key, 'navigation'] as const),
  ...EDITING.map((key) => [key, 'editing'] as const),
  ...MODIFIER.map((key) => [key, 'modifier'] as const),
  ...Array.from({ length: 24 }, (_, index) => [`F${index + 1}`, 'function'] as const),
])

/** What sort of key was pressed; `key` only for those that write nothing. The character itself is never told. */
export function keyKind(press: KeyPress): { kind: KeyKind; key?: string } {
  if (press.isComposing || press.key === 'Process' || press.key === 'Dead') return { kind: 'composition' }
  const named = NAMED.get(press.key)
  if (named === 'modifier') return { kind: 'modifier', key: press.key }
  const held = (press.ctrlKey || press.altKey || press.metaKey) && !press.altGraph
  const kind = held ? 'shortcut' : (named ?? written(press.key))
  return named === undefined ? { kind } : { kind, key: press.key }
}

/** Does the key put a character where the caret is? */
export function writes(kind: KeyKind): boolean {
  return kind === 'letter' || kind === 'digit' || kind === 'space' || kind === 'punctuation' || kind === 'composition'
}

function written(key: string): KeyKind {
  if (/^\p{L}\p{M}*$/u.test(key)) return 'letter'
  if (/^\p{N}$/u.test(key)) return 'digit'
  if (/^\s$/u.test(key)) return 'space'
  return /^[\p{P}\p{S}]$/u.test(key) ? 'punctuation' : 'other'
}
