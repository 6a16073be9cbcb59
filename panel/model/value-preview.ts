import { dateText, elementsOf, kindOf, numberText, tagOf, type ValueKind } from './value-kind.js'

export interface PreviewPart {
  text: string
  /** `mark` is punctuation, `key` a property's name, `name` a class. */
  kind: ValueKind | 'mark' | 'key' | 'name'
}

/** One line that shows what is inside, up to about `budget` characters; an ellipsis says that there is more. */
export function preview(value: unknown, budget = 140): PreviewPart[] {
  const parts: PreviewPart[] = []
  let left = budget

  function add(text: string, kind: PreviewPart['kind']): void {
    left -= text.length
    parts.push({ text, kind })
  }

  function list(open: string, close: string, size: number, item: (index: number) => void): void {
    add(open, 'mark')
    for (let index = 0; index < size; index++) {
      if (index > 0) add(', ', 'mark')
      if (left <= 0) {
        add('…', 'mark')
        break
      }
      item(index)
    }
    add(close, 'mark')
  }

  function write(item: unknown, depth: number): void {
    const kind = kindOf(item)
    if (!isContainer(kind) || depth > 2) {
      add(summary(item, Math.max(12, left)), kind)
      return
    }
    const container = item as object
    if (kind === 'array') {
      const array = item as unknown[]
      list('[', ']', array.length, (index) => write(array[index], depth + 1))
    } else if (kind === 'map') {
      const map = item as Map<unknown, unknown>
      add(`Map(${map.size}) `, 'name')
      const entries = take(map.entries(), left)
      list('{', '}', map.size, (index) => {
        write(entries[index]?.[0], depth + 1)
        add(' → ', 'mark')
        write(entries[index]?.[1], depth + 1)
      })
    } else if (kind === 'set') {
      const set = item as Set<unknown>
      add(`Set(${set.size}) `, 'name')
      const values = take(set.values(), left)
      list('{', '}', set.size, (index) => write(values[index], depth + 1))
    } else {
      const keys = Object.keys(container)
      list('{', '}', keys.length, (index) => {
        const key = keys[index] ?? ''
        add(`${key}: `, 'key')
        write((container as Record<string, unknown>)[key], depth + 1)
      })
    }
  }

  write(value, 0)
  return parts
}

function isContainer(kind: ValueKind): boolean {
  return kind === 'array' || kind === 'map' || kind === 'set' || kind === 'object'
}

function take<T>(items: Iterable<T>, count: number): T[] {
  const taken: T[] = []
  if (count <= 0) return taken
  for (const item of items) if (taken.push(item) >= count) break
  return taken
}

/** The value in a word or two: whole for simple values, type and size for the others. */
export function summary(value: unknown, maxText = 200): string {
  switch (kindOf(value)) {
    case 'string':
      return quoted(value as string, maxText)
    case 'number':
      return numberText(value as number)
    case 'bigint':
      return `${String(value)}n`
    case 'date':
      return dateText(value as Date)
    case 'array':
      return `Array(${(value as unknown[]).length})`
    case 'map':
      return `Map(${(value as Map<unknown, unknown>).size})`
    case 'set':
      return `Set(${(value as Set<unknown>).size})`
    case 'bytes':
      return `${tagOf(value)}(${elementsOf(value as object).length})`
    case 'error':
      return `${(value as Error).name}: ${(value as Error).message}`.slice(0, maxText)
    case 'object':
      return Object.keys(value as object).length === 0 ? '{}' : '{…}'
    case 'other':
      return tagOf(value)
    default:
      return String(value)
  }
}

function quoted(text: string, maxText: number): string {
  return text.length <= maxText ? JSON.stringify(text) : `${JSON.stringify(text.slice(0, maxText)).slice(0, -1)}…"`
}
