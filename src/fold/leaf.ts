/** Whether two values of one kind, that have no parts to tell apart, hold the same. Null: they have parts. */
export function isSameLeaf(
  before: object,
  after: object,
  isSame: (before: unknown, after: unknown) => boolean,
): boolean | null {
  if (before instanceof Date) return Object.is(before.getTime(), (after as Date).getTime())
  if (before instanceof RegExp) return String(before) === String(after)
  if (before instanceof Error) {
    const other = after as Error
    return before.name === other.name && before.message === other.message && isSame(before.cause, other.cause)
  }
  if (before instanceof ArrayBuffer) return isSameBytes(new Uint8Array(before), new Uint8Array(after as ArrayBuffer))
  if (before instanceof DataView) return isSameBytes(bytesOf(before), bytesOf(after as DataView))
  if (isBoxed(before)) return Object.is(before.valueOf(), after.valueOf())
  return null
}

function isBoxed(value: object): boolean {
  return value instanceof Number || value instanceof String || value instanceof Boolean || value instanceof BigInt
}

function bytesOf({ buffer, byteOffset, byteLength }: DataView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

function isSameBytes(before: Uint8Array, after: Uint8Array): boolean {
  return before.length === after.length && before.every((byte, at) => byte === after[at])
}
