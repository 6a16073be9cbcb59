import { bounded, LABEL_LENGTH } from './bounded-text.js'
import { isEditable, roleOf } from './target-role.js'

// What a person typed or chose is never part of a label: no value is ever read, and text is never taken from
// anything that can be typed into or chosen from, wherever it is nested or referred to.
const HOLDS_INPUT = new Set(['input', 'textarea', 'select', 'option', 'optgroup', 'datalist', 'output'])
const HOLDS_INPUT_ROLE = new Set(['textbox', 'searchbox', 'combobox', 'listbox', 'option', 'spinbutton'])
const NOT_TEXT = new Set(['script', 'style', 'template', 'noscript', 'iframe', 'object', 'svg', 'canvas'])
/** Roles whose content is their name. Rows, cells and tree items are left out: their content is data. */
const NAMED_BY_CONTENT = new Set([
  'button',
  'checkbox',
  'columnheader',
  'heading',
  'link',
  'menuitem',
  'menuitemcheckbox',
  'menuitemradio',
  'radio',
  'switch',
  'tab',
])

/** The accessible label of an element in at most 80 characters; null when it has none that is safe to keep. */
export function labelOf(element: Element): string | null {
  const owner = editableHost(element) ?? element
  return (
    spoken(labelledBy(owner)) ??
    spoken(owner.getAttribute('aria-label')) ??
    spoken(labels(owner)) ??
    spoken(owner.getAttribute('alt')) ??
    (NAMED_BY_CONTENT.has(roleOf(owner)) ? spoken(safeText(owner)) : null) ??
    spoken(owner.getAttribute('title')) ??
    spoken(owner.getAttribute('placeholder'))
  )
}

function spoken(text: string | null): string | null {
  return text === null ? null : bounded(text) || null
}

/** Inside an editor everything may have been typed, attributes included: only the outermost one can say its name. */
function editableHost(element: Element): Element | null {
  let host: Element | null = null
  for (let at: Element | null = element; at !== null && isEditable(at); at = at.parentElement) host = at
  return host
}

function labelledBy(element: Element): string | null {
  const ids = element.getAttribute('aria-labelledby')?.trim().split(/\s+/)
  const root = element.getRootNode()
  if (ids === undefined || !('getElementById' in root)) return null
  return ids
    .slice(0, 8)
    .map((id) => named((root as Document).getElementById(id)))
    .join(' ')
}

function named(element: Element | null): string {
  return element === null ? '' : (element.getAttribute('aria-label') ?? safeText(element))
}

function labels(element: Element): string | null {
  const list = (element as Partial<HTMLInputElement>).labels
  return list ? Array.from(list, safeText).join(' ') : null
}

function safeText(element: Element): string {
  let text = ''
  const visit = (node: Node): void => {
    if (text.length > LABEL_LENGTH * 2) return
    if (node.nodeType === Node.TEXT_NODE) text += (node as Text).data.slice(0, LABEL_LENGTH * 2)
    if (node.nodeType !== Node.ELEMENT_NODE || hidesText(node as Element)) return
    const alt = (node as Element).getAttribute('alt')
    if (alt !== null) text += ` ${alt} `
    for (const child of node.childNodes) visit(child)
  }
  visit(element)
  return text
}

function hidesText(element: Element): boolean {
  const tag = element.localName
  const role = element.getAttribute('role')?.trim().toLowerCase() ?? ''
  if (HOLDS_INPUT.has(tag) || HOLDS_INPUT_ROLE.has(role) || NOT_TEXT.has(tag) || isEditable(element)) return true
  return element.getAttribute('aria-hidden') === 'true' || element.hasAttribute('hidden')
}
