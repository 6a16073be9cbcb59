import type { Path } from '../../src/protocol/panel-source.js'

/** `lines[0]["a key"]`; the whole where the path is empty. */
export function pathText(path: Path, whole = 'state'): string {
  return path.reduce<string>((text, key) => text + stepText(key), whole)
}

export function stepText(key: string | number): string {
  if (typeof key === 'number') return `[${key}]`
  return /^[^\s.=!<>[\]"]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}
