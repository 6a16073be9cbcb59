import { labelOf } from './target-label.js'
import { isEditable, roleOf } from './target-role.js'

const ACTIVE = new Set([
  'button',
  'checkbox',
  'columnheader',
  'combobox',
  'link',
  'listbox',
  'menuitem',
  'menuitemcheckbox',
  'menuitemradio',
  'option',
  'radio',
  'row',
  'searchbox',
  'slider',
  'spinbutton',
  'switch',
  'tab',
  'textbox',
  'treeitem',
  'application',
  'colour',
  'file',
])

/** What a person acted on, as told to the log. */
export interface TargetDescription {
  role: string
  label: string | null
  /** The host, when it happened inside a shadow root: 'tabscribe-panel' for the devtools panel. */
  inside?: string
}

/** The control that an event is about: the nearest thing on its path that can be acted on, through shadow roots. */
export function actedOn(event: Event): Element | null {
  const path = event.composedPath().filter(isElement)
  return path.find(isActive) ?? path[0] ?? null
}

export function isActive(element: Element): boolean {
  return ACTIVE.has(roleOf(element)) || isEditable(element)
}

export function describeTarget(element: Element | null): TargetDescription {
  if (element === null) return { role: 'document', label: null }
  const root = element.getRootNode()
  const described: TargetDescription = { role: roleOf(element), label: labelOf(element) }
  if (isShadowRoot(root)) described.inside = root.host.id || root.host.classList[0] || root.host.localName
  return described
}

// By shape, not `instanceof`: the window watched may be a frame's, whose elements are another realm's.
function isElement(node: EventTarget): node is Element {
  return 'localName' in node && 'getAttribute' in node
}

function isShadowRoot(root: Node): root is ShadowRoot {
  return 'host' in root && 'mode' in root
}
