/** Tells whether something that came in from another context is what it should be. */
export type Is<T> = (value: unknown) => value is T

type Tuple = readonly unknown[]

export const isText: Is<string> = (value) => typeof value === 'string'
export const isNumber: Is<number> = (value): value is number => typeof value === 'number' && !Number.isNaN(value)
export const isWhole: Is<number> = (value): value is number => Number.isSafeInteger(value) && (value as number) >= 0
export const isSequence: Is<number> = (value): value is number => Number.isSafeInteger(value) && (value as number) >= -1
/** A log goes on from it: it must be able to, for longer than anyone will see. */
export const isPlace: Is<number> = (value): value is number => isWhole(value) && value <= 2 ** 52
/** Of a store, a tab, a topic, a type … */
export const isName: Is<string> = (value): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= 1024
export const isFlag: Is<boolean> = (value) => typeof value === 'boolean'
export const isNull: Is<null> = (value) => value === null
export const isBigInt: Is<bigint> = (value) => typeof value === 'bigint'
export const isBytes: Is<Uint8Array> = (value) => value instanceof Uint8Array
export const isCounts: Is<Uint32Array> = (value) => value instanceof Uint32Array
export const isAnything: Is<unknown> = (_value): _value is unknown => true

export function oneOf<const T extends string | number | boolean>(...values: T[]): Is<T> {
  return (value): value is T => values.some((own) => own === value)
}

export function either<A, B>(a: Is<A>, b: Is<B>): Is<A | B> {
  return (value): value is A | B => a(value) || b(value)
}

export function orNull<T>(is: Is<T>): Is<T | null> {
  return either(is, isNull)
}

/** What an assertion lets pass. */
export function asserted<T>(assert: (value: unknown) => void): Is<T> {
  return (value): value is T => {
    try {
      assert(value)
      return true
    } catch {
      return false
    }
  }
}

/** May be left out. */
export function maybe<T>(is: Is<T>): Is<T | undefined> {
  return (value): value is T | undefined => value === undefined || is(value)
}

export function listOf<T>(is: Is<T>, most = Infinity): Is<T[]> {
  return (value): value is T[] => Array.isArray(value) && value.length <= most && value.every(is)
}

/** A list of just these, in this order; those at the end may be left out where they may be undefined. */
export function tuple<T extends Tuple>(...parts: { [K in keyof T]: Is<T[K]> }): Is<T> {
  return (value): value is T =>
    Array.isArray(value) && value.length <= parts.length && parts.every((is, at) => is(value[at]))
}

/** An object whose own properties of these names are what they should be. Others it may have. */
export function shape<T>(fields: { [K in keyof T]-?: Is<T[K]> }): Is<T> {
  const checks = Object.entries(fields) as [string, Is<unknown>][]
  return (value): value is T => {
    if (typeof value !== 'object' || value === null) return false
    return checks.every(([name, is]) =>
      is(Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined),
    )
  }
}
