/** The only key a tagged value has (see tagged-json.ts); a plain value must not use it. */
export const TAG = '$'

const MAX_DEPTH = 64

/**
 * Whether JSON gives the value back exactly as structuredClone would: only null, booleans, finite numbers (but -0),
 * strings, dense arrays and plain objects of these. What nests deeper than 64 is left to the careful path, which also
 * knows cycles.
 */
export function isPlainJson(value: unknown, depth = 0): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
    case 'object':
      if (value === null) return true
      if (depth === MAX_DEPTH) return false
      return Array.isArray(value) ? isPlainArray(value, depth + 1) : isPlainObject(value, depth + 1)
    default:
      return false
  }
}

function isPlainObject(value: object, depth: number): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return false
  for (const key in value) {
    if (key === TAG || !isPlainJson((value as Record<string, unknown>)[key], depth)) return false
  }
  return true
}

// Holes read as undefined and so are refused; named extra properties show in the number of keys.
function isPlainArray(value: unknown[], depth: number): boolean {
  if (Object.getPrototypeOf(value) !== Array.prototype) return false
  for (let index = 0; index < value.length; index++) {
    if (!isPlainJson(value[index], depth)) return false
  }
  return Object.keys(value).length === value.length
}
