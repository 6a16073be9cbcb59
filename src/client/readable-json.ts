/**
 * A value as plain JSON for people to read: what JSON can hold stays as it is, a Map becomes its pairs and a Set its
 * entries, the rest a text. There is no way back.
 */
export function toReadableJson(value: unknown): unknown {
  return readable(value, new Set())
}

function readable(value: unknown, within: Set<object>): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? value : Object.is(value, -0) ? '-0' : String(value)
    case 'bigint':
      return `${value}n`
    case 'object':
      return value === null ? null : readableObject(value, within)
    default:
      return String(value)
  }
}

function readableObject(value: object, within: Set<object>): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
  if (value instanceof RegExp || value instanceof Error) return String(value)
  if (value instanceof ArrayBuffer) return bytesText('ArrayBuffer', new Uint8Array(value))
  if (value instanceof DataView) {
    return bytesText('DataView', new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
  }
  if (ArrayBuffer.isView(value)) return `${kindOf(value)} [${String(value)}]`
  if (value instanceof Number || value instanceof String || value instanceof Boolean || value instanceof BigInt) {
    return readable(value.valueOf(), within)
  }
  if (within.has(value)) return '[circular]'
  within.add(value)
  try {
    if (Array.isArray(value)) return Array.from(value, (entry) => readable(entry, within))
    if (value instanceof Map) return Array.from(value, (pair) => pair.map((part) => readable(part, within)))
    if (value instanceof Set) return Array.from(value, (entry) => readable(entry, within))
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype !== Object.prototype && prototype !== null) return `[${kindOf(value)}]`
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, readable(entry, within)]))
  } finally {
    within.delete(value)
  }
}

function bytesText(kind: string, bytes: Uint8Array): string {
  return `${kind} [${String(bytes)}]`
}

function kindOf(value: object): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1)
}
