type Method = (...args: unknown[]) => unknown

/**
 * Puts another method in the place of an object's own or inherited one, and hands back what undoes it to the letter. Where
 * someone else has replaced the replacement since, it stays and passes everything through: theirs leads to it.
 */
export function replaceMethod(
  object: object,
  name: string,
  replacement: (original: Method, target: unknown, args: unknown[]) => unknown,
): () => void {
  const before = Object.getOwnPropertyDescriptor(object, name)
  const original: Method = Reflect.get(object, name)
  let undone = false
  const value = function (this: unknown, ...args: unknown[]): unknown {
    return undone ? Reflect.apply(original, this, args) : replacement(original, this, args)
  }
  const inherited = { configurable: true, enumerable: true, writable: true }
  Object.defineProperty(object, name, before && 'value' in before ? { ...before, value } : { ...inherited, value })
  return () => {
    undone = true
    if (Reflect.get(object, name) !== value) return
    if (before) Object.defineProperty(object, name, before)
    else Reflect.deleteProperty(object, name)
  }
}
