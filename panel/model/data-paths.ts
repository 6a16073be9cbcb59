import { kindOf, type ValueKind } from './value-kind.js'

const MOST_PATHS = 500
/** So many values are looked at inside of one. */
const MOST_VALUES = 200
/** No path that is written is longer. */
const MOST_STEPS = 8
const COMPARED: ReadonlySet<ValueKind> = new Set(['string', 'number', 'bigint', 'boolean', 'date', 'null'])

/** Where data has something to compare, each place as the filter writes it. The first ones learnt stay. */
export class DataPaths {
  /** Each with the number of its steps. */
  readonly #found = new Map<string, number>()

  /** The shortest first. */
  get texts(): string[] {
    return [...this.#found].sort(([, a], [, b]) => a - b).map(([text]) => text)
  }

  learn(data: unknown): void {
    const ahead = [{ text: 'data', value: data, steps: 0 }]
    for (let at = 0; at < Math.min(ahead.length, MOST_VALUES) && this.#found.size < MOST_PATHS; at++) {
      const { text, value, steps } = ahead[at]!
      if (COMPARED.has(kindOf(value))) this.#found.set(text, this.#found.get(text) ?? steps)
      if (steps === MOST_STEPS) continue
      for (const [step, inside] of partsOf(value)) {
        if (ahead.length >= MOST_VALUES) break
        ahead.push({ text: text + step, value: inside, steps: steps + 1 })
      }
    }
  }
}

/** Of a list the first item stands for all. */
function* partsOf(value: unknown): Iterable<[step: string, inside: unknown]> {
  const kind = kindOf(value)
  if (kind === 'array') {
    if (Object.hasOwn(value as object, 0)) yield ['[0]', (value as unknown[])[0]]
  } else if (kind === 'map') {
    for (const [key, inside] of value as Map<unknown, unknown>) if (isWritable(key)) yield [stepTo(key), inside]
  } else if (kind === 'object') {
    for (const key in value as object) {
      if (isWritable(key)) yield [stepTo(key), (value as Record<string, unknown>)[key]]
    }
  }
}

/** The filter is one line. */
function isWritable(key: unknown): key is string {
  return typeof key === 'string' && !/[\r\n]/.test(key)
}

function stepTo(key: string): string {
  return /^[^\s.=!<>[\]"]+$/.test(key) ? `.${key}` : `["${key.replace(/["\\]/g, '\\$&')}"]`
}
