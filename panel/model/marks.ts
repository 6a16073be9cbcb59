import { isNumber } from './kept-state.js'

/** An event to compare the state at. */
export interface Mark {
  sequence: number
  time: number
}

export interface Marks {
  a: Mark | null
  b: Mark | null
}

export const NO_MARKS: Marks = { a: null, b: null }

export function isMarks(value: unknown): value is Marks {
  return (
    typeof value === 'object' && value !== null && 'a' in value && 'b' in value && isMark(value.a) && isMark(value.b)
  )
}

function isMark(value: unknown): boolean {
  if (value === null) return true
  return (
    typeof value === 'object' &&
    'sequence' in value &&
    isNumber(value.sequence) &&
    'time' in value &&
    isNumber(value.time)
  )
}
