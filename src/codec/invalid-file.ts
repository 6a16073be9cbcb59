import { storeError, type StoreError } from '../core/fault.js'

/** Where in a file something is wrong. Lines and events count from 1, bytes from 0. */
export interface Place {
  line: number
  byte: number
  /** The how-manieth event it is; absent outside the events. */
  event?: number
}

/** `reason` completes the sentence 'Line 3 of the file (byte 71, event 2): …'. */
export function invalidFile(place: Place | null, reason: string, cause?: unknown): StoreError {
  if (place === null) return storeError('invalid-file', `The file cannot be used: ${reason}.`, { reason }, cause)
  const { line, byte, event } = place
  const which = event === undefined ? '' : `, event ${event}`
  return storeError(
    'invalid-file',
    `Line ${line} of the file (byte ${byte}${which}): ${reason}.`,
    { ...place, reason },
    cause,
  )
}

/** A value as a message shows it: short, and never the data itself. */
export function shownJson(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object') return 'an object'
  if (typeof value === 'string') return value.length > 40 ? `a string of ${value.length} characters` : `'${value}'`
  return String(value)
}
