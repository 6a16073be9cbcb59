/** 'user.id' → ['user', 'id']; a dot inside a key is written '\.'. */
export function parsePath(path: string): string[] {
  return path.split(/(?<!\\)\./).map((key) => key.replaceAll('\\.', '.'))
}

/** The value at a path of own keys (of Maps too); undefined where there is none. */
export function valueAt(root: unknown, path: readonly string[]): unknown {
  let value = root
  for (const key of path) {
    if (value instanceof Map) value = value.get(key)
    else if (typeof value === 'object' && value !== null && Object.hasOwn(value, key)) value = Reflect.get(value, key)
    else return undefined
  }
  return value
}
