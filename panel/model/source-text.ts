import { dateText, elementsOf, kindOf, numberText, tagOf } from './value-kind.js'

// A value as text for the clipboard: JSON where JSON can say it, else the JavaScript that makes it
// (`129n`, `new Map([["a", 1]])`), so that nothing turns into something else on the way.
export function sourceText(value: unknown): string {
  return write(value, '', [])
}

function write(value: unknown, indent: string, above: unknown[]): string {
  if (above.includes(value)) return '/* circular */ null'
  const inner = `${indent}  `
  const deeper = [...above, value]
  const item = (child: unknown): string => write(child, inner, deeper)
  const wrap = (open: string, items: string[], close: string): string =>
    items.length === 0 ? open + close : `${open}\n${items.map((text) => inner + text).join(',\n')}\n${indent}${close}`

  switch (kindOf(value)) {
    case 'string':
      return JSON.stringify(value)
    case 'number':
      return numberText(value as number)
    case 'bigint':
      return `${String(value)}n`
    case 'date':
      return Number.isNaN((value as Date).getTime()) ? 'new Date(NaN)' : `new Date("${dateText(value as Date)}")`
    case 'array':
      return wrap('[', Array.from(value as unknown[], item), ']')
    case 'map':
      return wrap(
        'new Map([',
        Array.from(value as Map<unknown, unknown>, ([key, child]) => `[${item(key)}, ${item(child)}]`),
        '])',
      )
    case 'set':
      return wrap('new Set([', Array.from(value as Set<unknown>, item), '])')
    case 'object':
      return wrap(
        '{',
        Object.entries(value as object).map(([key, child]) => `${JSON.stringify(key)}: ${item(child)}`),
        '}',
      )
    case 'bytes':
      return bytesText(value as object)
    case 'error':
      return `Object.assign(new Error(${JSON.stringify((value as Error).message)}), { name: ${JSON.stringify((value as Error).name)} })`
    case 'other':
      return `/* ${tagOf(value)} */ null`
    default:
      return String(value)
  }
}

function bytesText(value: object): string {
  const elements = elementsOf(value)
  const items = Array.from(elements, (element) =>
    typeof element === 'bigint' ? `${element}n` : numberText(element),
  ).join(', ')
  const tag = tagOf(value)
  if (tag === 'ArrayBuffer') return `new Uint8Array([${items}]).buffer`
  return tag === 'DataView' ? `new DataView(new Uint8Array([${items}]).buffer)` : `new ${tag}([${items}])`
}
