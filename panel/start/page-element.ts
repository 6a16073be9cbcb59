/** An element that index.html must hold, by id and kind. */
export function pageElement<T extends HTMLElement>(id: string, kind: new () => T): T {
  const element = document.getElementById(id)
  if (element instanceof kind) return element
  throw new Error(`index.html needs a ${kind.name} with the id '${id}'.`)
}
