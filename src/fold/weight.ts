/**
 * About how many bytes a value takes when it is stored; Infinity as soon as it is more than `most`. What has no size
 * that can be told (a CryptoKey) weighs little.
 */
export function weightOf(value: unknown, most: number): number {
  const seen = new Set<object>()
  const left = [value]
  let bytes = 0
  while (left.length > 0) {
    const own = left.pop()
    bytes += typeof own === 'string' ? 4 + own.length : 8
    if (typeof own === 'object' && own !== null && !seen.has(own)) {
      seen.add(own)
      bytes += addParts(own, left)
    }
    if (bytes > most) return Infinity
  }
  return bytes
}

// What is to be weighed of it in turn is added to `left`; the answer is what it weighs beside that.
function addParts(own: object, left: unknown[]): number {
  if (own instanceof ArrayBuffer || ArrayBuffer.isView(own)) return own.byteLength
  if (typeof Blob !== 'undefined' && own instanceof Blob) return own.size
  if (own instanceof Map) {
    for (const [key, value] of own) left.push(key, value)
    return 0
  }
  if (own instanceof Set || Array.isArray(own)) {
    for (const entry of own) left.push(entry)
    return 0
  }
  if (own instanceof Error) left.push(own.message, own.stack, own.cause)
  let bytes = 0
  for (const key of Object.keys(own)) {
    left.push(Reflect.get(own, key))
    bytes += 4 + key.length
  }
  return bytes
}
