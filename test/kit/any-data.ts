import fc from 'fast-check'
import { expect } from 'vitest'
import { encodeTagged } from '../../src/codec/tagged-json.js'

// Node's own, where there is Node; in a browser the texts tell (that they hold everything is tested in Node).
const isDeepStrictEqual =
  typeof window === 'undefined'
    ? (await import('node:util')).isDeepStrictEqual
    : (a: unknown, b: unknown) => encodeTagged(a, []) === encodeTagged(b, [])

const leaf: fc.Arbitrary<unknown> = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constantFrom(null, undefined, NaN, -0, Infinity, -Infinity, '$', '__proto__'),
  fc.bigInt(),
  fc.date({ noInvalidDate: false }),
  fc.uint8Array({ maxLength: 20 }),
  fc.float64Array({ maxLength: 5 }),
  fc.bigInt64Array({ maxLength: 5 }),
  fc.constantFrom(/a.b/giu, new ArrayBuffer(3), new TypeError('broken'), new Error('why', { cause: { deep: [1] } })),
)

const key = fc.oneof(fc.string(), fc.constantFrom('$', '__proto__', 'constructor', 'toJSON', ''))

/** Anything structured clone takes and gives back equal. */
export const anyData: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map(objectOf),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
    fc.array(tie('value'), { maxLength: 3 }).map((entries) => new Set(entries)),
  ),
})).value

/** Strictly: Vitest's own equality is led astray by keys such as 'constructor'. */
export function expectSame(actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return
  expect(actual).toStrictEqual(expected)
  // Two invalid dates are not the same to Node.
  if (encodeTagged(actual, []) === encodeTagged(expected, [])) return
  throw new Error('The values differ in their prototypes or hidden parts')
}

// Own properties, also one named '__proto__'.
function objectOf(entries: [string, unknown][]): object {
  return Object.fromEntries(entries)
}
