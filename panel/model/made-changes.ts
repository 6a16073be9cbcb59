import { isNumber, isString } from './kept-state.js'

/** What was changed in the store from this panel, and what it came to. */
export interface MadeChange {
  time: number
  said: string
}

const MOST = 20

/** Newest first. */
export function withChange(changes: readonly MadeChange[], change: MadeChange): MadeChange[] {
  return [change, ...changes].slice(0, MOST)
}

export function isMadeChanges(value: unknown): value is MadeChange[] {
  return Array.isArray(value) && value.every(isMadeChange)
}

function isMadeChange(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'time' in value &&
    isNumber(value.time) &&
    'said' in value &&
    isString(value.said)
  )
}
