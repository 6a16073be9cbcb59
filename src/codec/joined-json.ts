import { isPlainJson } from './plain-json.js'

/** Where one object's JSON ends and the next one's begins. */
const BETWEEN = '},{'

/**
 * The JSON of plain objects, separated by commas, and where each one's ends: asked for at once it costs a third of what
 * it costs one by one. Null when it cannot be had so: where one is no plain object, or what stands between two objects
 * also stands inside of one.
 */
export function joinedJson(values: readonly unknown[]): { text: string; ends: number[] } | null {
  if (!values.every(isPlainObject)) return null
  const json = JSON.stringify(values)
  const ends: number[] = []
  // Every place between two is found. Were more found, some would be others; so many are just these.
  for (let at = json.indexOf(BETWEEN); at >= 0; at = json.indexOf(BETWEEN, at + 2)) ends.push(at)
  ends.push(json.length - 2)
  return ends.length === values.length ? { text: json.slice(1, -1), ends } : null
}

// A getter or a proxy may throw: the careful path says so.
function isPlainObject(value: unknown): boolean {
  try {
    return typeof value === 'object' && value !== null && !Array.isArray(value) && isPlainJson(value)
  } catch {
    return false
  }
}
