export type FaultCode =
  | 'invalid-argument'
  | 'not-cloneable'
  | 'closed'
  | 'queue-full'
  | 'aborted'
  | 'quota-exceeded'
  | 'storage-unavailable'
  | 'storage-lost'
  | 'corrupt'
  | 'version-conflict'
  | 'outcome-unknown'
  | 'incompatible'
  | 'not-found'
  | 'invalid-file'
  | 'future-event'
  | 'limit-exceeded'
  | 'unsupported'

/** What the caller may do: nothing, try again as is, free space first, reload the page. */
export type Retry = 'never' | 'now' | 'after-freeing-space' | 'after-reload'

/** A fault as data: this is what crosses every worker boundary. */
export interface Fault {
  code: FaultCode
  /** A sentence that says what to do. */
  message: string
  retry: Retry
  [detail: string]: unknown
}

const RETRY: Record<FaultCode, Retry> = {
  'invalid-argument': 'never',
  'not-cloneable': 'never',
  closed: 'never',
  'queue-full': 'now',
  aborted: 'now',
  'quota-exceeded': 'after-freeing-space',
  'storage-unavailable': 'now',
  'storage-lost': 'never',
  corrupt: 'never',
  'version-conflict': 'now',
  'outcome-unknown': 'now',
  incompatible: 'after-reload',
  'not-found': 'never',
  'invalid-file': 'never',
  'future-event': 'never',
  'limit-exceeded': 'now',
  unsupported: 'never',
}

export function isFaultCode(value: unknown): value is FaultCode {
  return typeof value === 'string' && Object.hasOwn(RETRY, value)
}

export function fault(code: FaultCode, message: string, details: Record<string, unknown> = {}): Fault {
  return { retry: RETRY[code], ...details, code, message }
}

/** Every rejection and throw of this library. */
export class StoreError extends Error {
  readonly code: FaultCode
  readonly fault: Fault

  constructor(fault: Fault, cause?: unknown) {
    super(fault.message, cause === undefined ? undefined : { cause })
    this.name = fault.code === 'aborted' ? 'AbortError' : 'StoreError'
    this.code = fault.code
    this.fault = fault
  }
}

export function storeError(
  code: FaultCode,
  message: string,
  details?: Record<string, unknown>,
  cause?: unknown,
): StoreError {
  return new StoreError(fault(code, message, details), cause)
}

export function invalidArgument(field: string, expected: string, actual: unknown): StoreError {
  return storeError('invalid-argument', `${field} must be ${expected}, not ${shown(actual)}.`, { field })
}

export function aborted(signal: AbortSignal): StoreError {
  return storeError('aborted', 'The operation was aborted by its signal.', {}, signal.reason)
}

/** Any error as a fault: our own keep their code, the rest become `code` with their message. */
export function faultOf(error: unknown, code: FaultCode = 'storage-unavailable'): Fault {
  if (error instanceof StoreError) return error.fault
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return fault(code, message)
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value.length > 40 ? `a string of ${value.length} characters` : `'${value}'`
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object'
  return typeof value === 'bigint' ? `${value}n` : String(value)
}
