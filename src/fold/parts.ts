/** A part's name in its whole, as it stands in a path. */
export type Key = string | number

/** How the parts of one kind of value are found. `name` is what names a part within. */
export interface Parts<V extends object, N> {
  names(whole: V): Iterable<N>
  has(whole: V, name: N): boolean
  get(whole: V, name: N): unknown
  key(name: N): Key
}

const ofObjects: Parts<object, string> = {
  names: (whole) => Object.keys(whole),
  has: (whole, name) => Object.hasOwn(whole, name),
  get: (whole, name) => Reflect.get(whole, name),
  key: (name) => name,
}

const ofLists: Parts<ArrayLike<unknown>, number> = {
  *names(whole) {
    for (let at = 0; at < whole.length; at++) if (at in whole) yield at
  },
  has: (whole, name) => name < whole.length && name in whole,
  get: (whole, name) => whole[name],
  key: (name) => name,
}

const ofMaps: Parts<ReadonlyMap<unknown, unknown>, unknown> = {
  *names(whole) {
    for (const name of whole.keys()) if (!isObject(name)) yield name
  },
  has: (whole, name) => whole.has(name),
  get: (whole, name) => whole.get(name),
  key: keyOfName,
}

/** Null: it has none, or they are not found by name. Of maps: those whose name is not an object. */
export function partsOf(value: object): Parts<object, unknown> | null {
  // The proof of these casts is what was asked of the value.
  if (value instanceof Map) return ofMaps as Parts<object, unknown>
  if (isList(value)) return ofLists as Parts<object, unknown>
  return isPlain(value) || isInstance(value) ? (ofObjects as Parts<object, unknown>) : null
}

/** The value at a path such as diff() gives; null where there is none. */
export function partAt(root: unknown, path: readonly Key[]): { value: unknown } | null {
  let value = root
  for (const key of path) {
    if (!isObject(value)) return null
    const found = part(value, key)
    if (found === null) return null
    value = found.value
  }
  return { value }
}

function part(whole: object, key: Key): { value: unknown } | null {
  if (whole instanceof Map) return entry(whole, key)
  if (whole instanceof Set) return key in Array.from(whole) ? { value: Array.from(whole)[Number(key)] } : null
  return Object.hasOwn(whole, key) ? { value: Reflect.get(whole, key) } : null
}

function entry(map: ReadonlyMap<unknown, unknown>, key: Key): { value: unknown } | null {
  if (map.has(key)) return { value: map.get(key) }
  if (typeof key === 'string' && /^-?\d+n$/.test(key)) {
    const name = BigInt(key.slice(0, -1))
    return map.has(name) ? { value: map.get(name) } : null
  }
  for (const [name, value] of map) if (!isObject(name) && keyOfName(name) === key) return { value }
  const pair = entriesByObject(map).find((_, at) => placeKey(at) === key)
  return pair ? { value: pair } : null
}

/** Entries of a map that no text names: the key is an object. */
export function entriesByObject(map: ReadonlyMap<unknown, unknown>): [unknown, unknown][] {
  return [...map].filter(([name]) => isObject(name))
}

export const placeKey = (at: number): string => `#${at}`

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function keyOfName(name: unknown): Key {
  if (typeof name === 'string' || typeof name === 'number') return name
  return typeof name === 'bigint' ? `${name}n` : String(name)
}

function isList(value: object): boolean {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))
}

// Of a class of the app's own: what the platform's objects hold lies in no property.
function isInstance(value: object): boolean {
  return Object.prototype.toString.call(value) === '[object Object]'
}
