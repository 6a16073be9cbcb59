import { fromBase64, toBase64 } from './base64.js'
import { isPlainJson, TAG } from './plain-json.js'

// JSON for everything structuredClone takes. What JSON cannot hold is written as { "$": [tag, …] }; an object of the
// user's with a key "$" is written as the tag "Object", so no value can be mistaken for a tag. An object met twice
// (shared or cyclic) is written once under "def" and then as "ref". What has no text form at all (Blob, CryptoKey…)
// is put aside in `attachments` and written as its index there.

type Tagged = { [TAG]: [tag: string, ...rest: unknown[]] }

const TYPED_ARRAYS = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
}

const ERRORS = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError }

/** `value` must be a structured clone already: no getters, proxies, functions or foreign prototypes are left in it. */
export function encodeTagged(value: unknown, attachments: unknown[]): string {
  return JSON.stringify(new Encoder(value, attachments).encode(value))
}

/** The value behind parsed tagged JSON. Objects of `json` are reused where they can be. */
export function reviveTagged(json: unknown, attachments: readonly unknown[] = []): unknown {
  return new Reviver(attachments).revive(json)
}

class Encoder {
  readonly #attachments: unknown[]
  readonly #shared = new Set<object>()
  readonly #defined = new Map<object, number>()

  constructor(root: unknown, attachments: unknown[]) {
    this.#attachments = attachments
    this.#findShared(root, new Set())
  }

  #findShared(value: unknown, seen: Set<object>): void {
    if (typeof value !== 'object' || value === null || this.#shared.has(value)) return
    if (seen.has(value)) {
      this.#shared.add(value)
      return
    }
    seen.add(value)
    if (value instanceof Map) {
      for (const [key, entry] of value) {
        this.#findShared(key, seen)
        this.#findShared(entry, seen)
      }
    } else if (value instanceof Set) {
      for (const entry of value) this.#findShared(entry, seen)
    } else if (value instanceof Error) {
      this.#findShared(value.cause, seen)
    } else if (!ArrayBuffer.isView(value)) {
      for (const key of Object.keys(value)) this.#findShared((value as Record<string, unknown>)[key], seen)
    }
  }

  encode(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return encodePrimitive(value)
    if (!this.#shared.has(value)) return this.#encodeObject(value)
    const known = this.#defined.get(value)
    if (known !== undefined) return tagged('ref', known)
    this.#defined.set(value, this.#defined.size)
    return tagged('def', this.#defined.size - 1, this.#encodeObject(value))
  }

  #encodeObject(value: object): unknown {
    if (Array.isArray(value)) return this.#encodeArray(value)
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype === Object.prototype || prototype === null) {
      const entries = this.#entries(value)
      return TAG in value ? tagged('Object', entries) : Object.fromEntries(entries)
    }
    if (value instanceof Map)
      return tagged(
        'Map',
        [...value].map((pair) => pair.map((part) => this.encode(part))),
      )
    if (value instanceof Set)
      return tagged(
        'Set',
        [...value].map((entry) => this.encode(entry)),
      )
    if (value instanceof Date) return tagged('Date', Number.isNaN(value.getTime()) ? null : value.getTime())
    if (value instanceof RegExp) return tagged('RegExp', value.source, value.flags)
    if (value instanceof ArrayBuffer) return tagged('ArrayBuffer', toBase64(new Uint8Array(value)))
    if (ArrayBuffer.isView(value)) {
      const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
      return tagged(Object.prototype.toString.call(value).slice(8, -1), toBase64(bytes))
    }
    if (value instanceof Error && value.constructor.name in ERRORS) {
      const cause = Object.hasOwn(value, 'cause') ? [this.encode(value.cause)] : []
      return tagged('Error', value.name, value.message, value.stack ?? null, ...cause)
    }
    if (value instanceof Boolean || value instanceof Number || value instanceof String || value instanceof BigInt) {
      return tagged('boxed', encodePrimitive(value.valueOf()))
    }
    return tagged('attachment', this.#attachments.push(value) - 1)
  }

  #encodeArray(value: unknown[]): unknown {
    if (Object.keys(value).length !== value.length) return tagged('Array', value.length, this.#entries(value))
    return value.map((entry) => this.encode(entry))
  }

  #entries(value: object): [string, unknown][] {
    return Object.entries(value).map(([key, entry]) => [key, this.encode(entry)])
  }
}

function encodePrimitive(value: unknown): unknown {
  if (value === undefined) return tagged('undefined')
  if (typeof value === 'bigint') return tagged('bigint', String(value))
  if (isPlainJson(value)) return value
  return tagged('number', Object.is(value, -0) ? '-0' : String(value))
}

function tagged(tag: string, ...rest: unknown[]): Tagged {
  return { [TAG]: [tag, ...rest] }
}

class Reviver {
  readonly #attachments: readonly unknown[]
  readonly #defined = new Map<unknown, unknown>()

  constructor(attachments: readonly unknown[]) {
    this.#attachments = attachments
  }

  /** `id` is given when the value is defined for later references: it is known before its parts are revived. */
  revive(json: unknown, id?: unknown): unknown {
    if (typeof json !== 'object' || json === null) return json
    if (!Array.isArray(json) && Object.hasOwn(json, TAG)) return this.#reviveTag((json as Tagged)[TAG], id)
    this.#define(id, json)
    for (const [key, entry] of Object.entries(json)) {
      const revived = this.revive(entry)
      if (revived !== entry) setOwn(json, key, revived)
    }
    return json
  }

  #define<T>(id: unknown, value: T): T {
    if (id !== undefined) this.#defined.set(id, value)
    return value
  }

  #reviveTag(parts: unknown, id: unknown): unknown {
    if (!Array.isArray(parts)) throw new TypeError('A tagged value is not a list')
    const [tag, first, second] = parts as [string, unknown, unknown]
    switch (tag) {
      case 'undefined':
      // In files: an attachment that stayed behind.
      case 'absent':
        return undefined
      case 'bigint':
        return BigInt(first as string)
      case 'number':
        return Number(first)
      case 'boxed':
        return this.#define(id, Object(this.revive(first)))
      case 'Date':
        return this.#define(id, new Date((first as number | null) ?? NaN))
      case 'RegExp':
        return this.#define(id, new RegExp(first as string, second as string))
      case 'ArrayBuffer':
        return this.#define(id, fromBase64(first as string).buffer)
      case 'def':
        return this.revive(second, first)
      case 'ref':
        return this.#defined.get(first)
      case 'attachment':
        return this.#define(id, this.#attachments[first as number])
      case 'Error':
        return this.#reviveError(parts, id)
      case 'Object':
        return this.#fill(this.#define(id, {}), first as [string, unknown][])
      case 'Array': {
        const array: unknown[] = []
        array.length = first as number
        return this.#fill(this.#define(id, array), second as [string, unknown][])
      }
      case 'Map': {
        const map = this.#define(id, new Map<unknown, unknown>())
        for (const [key, entry] of first as [unknown, unknown][]) map.set(this.revive(key), this.revive(entry))
        return map
      }
      case 'Set': {
        const set = this.#define(id, new Set<unknown>())
        for (const entry of first as unknown[]) set.add(this.revive(entry))
        return set
      }
    }
    if (!Object.hasOwn(TYPED_ARRAYS, tag)) throw new TypeError(`Unknown tag '${tag}'`)
    const View = TYPED_ARRAYS[tag as keyof typeof TYPED_ARRAYS] as new (buffer: ArrayBuffer) => ArrayBufferView
    return this.#define(id, new View(fromBase64(first as string).buffer))
  }

  #reviveError(parts: unknown[], id: unknown): Error {
    const [, name, message, stack] = parts as [string, string, string, string | null]
    const Kind = Object.hasOwn(ERRORS, name) ? ERRORS[name as keyof typeof ERRORS] : Error
    const error = this.#define(id, new Kind(message))
    setHidden(error, 'stack', stack ?? undefined)
    if (parts.length > 4) setHidden(error, 'cause', this.revive(parts[4]))
    return error
  }

  #fill(target: object, entries: [string, unknown][]): object {
    for (const [key, entry] of entries) setOwn(target, key, this.revive(entry))
    return target
  }
}

// Assignment to '__proto__' would set the prototype; defining it does not.
function setOwn(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
}

function setHidden(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: false, configurable: true, writable: true })
}
