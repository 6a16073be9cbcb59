const ROLE_BY_INPUT_TYPE: Record<string, string> = {
  button: 'button',
  checkbox: 'checkbox',
  color: 'colour',
  file: 'file',
  image: 'button',
  number: 'spinbutton',
  radio: 'radio',
  range: 'slider',
  reset: 'button',
  search: 'searchbox',
  submit: 'button',
}

const ROLE_BY_TAG: Record<string, string> = {
  article: 'article',
  button: 'button',
  dialog: 'dialog',
  footer: 'contentinfo',
  form: 'form',
  h1: 'heading',
  h2: 'heading',
  h3: 'heading',
  h4: 'heading',
  h5: 'heading',
  h6: 'heading',
  header: 'banner',
  img: 'img',
  li: 'listitem',
  main: 'main',
  meter: 'meter',
  nav: 'navigation',
  ol: 'list',
  option: 'option',
  p: 'paragraph',
  progress: 'progressbar',
  summary: 'button',
  table: 'table',
  td: 'cell',
  textarea: 'textbox',
  th: 'columnheader',
  tr: 'row',
  ul: 'list',
}

/** The role a screen reader would give: the author's, else the element's own, else 'generic'. */
export function roleOf(element: Element): string {
  const given = element.getAttribute('role')?.trim().split(/\s/)[0]?.toLowerCase()
  if (given && /^[a-z]{2,24}$/.test(given)) return given
  const tag = element.localName
  if (tag === 'a') return element.hasAttribute('href') ? 'link' : 'generic'
  if (tag === 'select') return element.hasAttribute('multiple') ? 'listbox' : 'combobox'
  // `type` the property, not the attribute: it is never an unknown word.
  if (tag === 'input') return ROLE_BY_INPUT_TYPE[(element as HTMLInputElement).type] ?? 'textbox'
  if (isEditable(element)) return 'textbox'
  return ROLE_BY_TAG[tag] ?? 'generic'
}

export function isEditable(element: Element): boolean {
  return (element as Partial<HTMLElement>).isContentEditable === true
}
