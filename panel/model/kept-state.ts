type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem'>

const WRITE_GAP_MS = 250

/** How one store was looked at, kept through reloads where the page may keep anything. */
export class KeptState {
  readonly #storage: Storage | null
  readonly #key: string
  readonly #values: Record<string, unknown>
  #timer: ReturnType<typeof setTimeout> | undefined
  #closed = false

  constructor(store: string, storage: Storage | null = pageStorage()) {
    this.#storage = storage
    this.#key = `tabscribe.panel:${store}`
    this.#values = this.#read()
  }

  /** What was kept, if it is what is expected; another release may have written it. */
  get<T>(name: string, isExpected: (value: unknown) => value is T, otherwise: T): T {
    const value = this.#values[name]
    return isExpected(value) ? value : otherwise
  }

  set(name: string, value: unknown): void {
    this.#values[name] = value
    if (this.#closed) return
    this.#timer ??= setTimeout(() => this.flush(), WRITE_GAP_MS)
  }

  flush(): void {
    if (this.#timer === undefined) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    try {
      this.#storage?.setItem(this.#key, JSON.stringify(this.#values))
    } catch {
      // Full, or forbidden by now: what is seen does not depend on it.
    }
  }

  close(): void {
    this.flush()
    this.#closed = true
  }

  #read(): Record<string, unknown> {
    try {
      const kept: unknown = JSON.parse(this.#storage?.getItem(this.#key) ?? '{}')
      return typeof kept === 'object' && kept !== null ? { ...kept } : {}
    } catch {
      return {}
    }
  }
}

/** Null where the page has none: even naming it may throw. */
function pageStorage(): Storage | null {
  try {
    return localStorage
  } catch {
    return null
  }
}

export const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'
export const isString = (value: unknown): value is string => typeof value === 'string'
export const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
export const isStrings = (value: unknown): value is string[] => Array.isArray(value) && value.every(isString)
export const oneOf =
  <T extends string>(names: readonly T[]) =>
  (value: unknown): value is T =>
    names.some((name) => name === value)
export const orNull =
  <T>(isExpected: (value: unknown) => value is T) =>
  (value: unknown): value is T | null =>
    value === null || isExpected(value)
export const isRange = (value: unknown): value is { since: number; until: number } =>
  typeof value === 'object' &&
  value !== null &&
  'since' in value &&
  'until' in value &&
  isNumber(value.since) &&
  isNumber(value.until)
