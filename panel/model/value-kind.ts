export type ValueKind =
  | 'undefined'
  | 'null'
  | 'boolean'
  | 'number'
  | 'bigint'
  | 'string'
  | 'date'
  | 'regexp'
  | 'error'
  | 'map'
  | 'set'
  | 'array'
  | 'bytes'
  | 'object'
  | 'other'

const BY_TAG: Record<string, ValueKind> = {
  Date: 'date',
  RegExp: 'regexp',
  Error: 'error',
  DOMException: 'error',
  Map: 'map',
  Set: 'set',
  Array: 'array',
  ArrayBuffer: 'bytes',
  DataView: 'bytes',
  Object: 'object',
}

// By tag, not instanceof: the value may come from another window.
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1)
}

export function kindOf(value: unknown): ValueKind {
  if (value === null) return 'null'
  const type = typeof value
  if (type === 'object') return ArrayBuffer.isView(value) ? 'bytes' : (BY_TAG[tagOf(value)] ?? 'other')
  if (type === 'function' || type === 'symbol') return 'other'
  return type
}

/** Typed arrays as they are, raw buffers and views as their bytes. */
export function elementsOf(value: object): ArrayLike<number | bigint> {
  if (value instanceof DataView) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  if (ArrayBuffer.isView(value)) return value as unknown as ArrayLike<number | bigint>
  return new Uint8Array(value as ArrayBuffer)
}

/** A number as the developer would type it: -0 stays -0. */
export function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

export function dateText(value: Date): string {
  return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
}
