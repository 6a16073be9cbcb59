import type { Refusal } from './inspected-tab.js'

/** What stands between the panel and the store it is to show. */
export type Phase =
  | { is: 'seeking' }
  | { is: 'connected' }
  /** The page was looked through. */
  | { is: 'no-library'; frames: readonly string[] }
  | { is: 'no-permission'; origin: string }
  | { is: 'refused'; why: string }
  | { is: 'reconnecting'; attempt: number; why: string }
  /** The page went into the back/forward cache. */
  | { is: 'cached' }
  /** The page is there, the store is not. */
  | { is: 'absent'; store: string }
  | { is: 'other-version'; theirs: number; ours: number }
  | { is: 'updated' }

export interface Facts {
  isAlive: boolean
  refusal: Refusal | null
  /** Frames that have told what is in them. */
  frames: readonly { place: string; stores: number }[]
  /** The store that was chosen; null: none yet. */
  chosen: string | null
  /** Whether the page has it. */
  isFound: boolean
  isAttached: boolean
  isCached: boolean
  theirs: number | null
  ours: number
  attempt: number
  /** Empty: nothing went wrong yet. */
  why: string
}

/** A page that is being loaded opens its stores a little later. */
export const PATIENT_ATTEMPTS = 5

export function phaseOf(facts: Facts): Phase {
  const { refusal, frames, chosen, theirs, ours, attempt, why } = facts
  if (!facts.isAlive) return { is: 'updated' }
  if (facts.isAttached) return { is: 'connected' }
  if (theirs !== null) return { is: 'other-version', theirs, ours }
  if (chosen !== null && facts.isCached) return { is: 'cached' }
  if (refusal?.because === 'permission') return { ...refusal, is: 'no-permission' }
  if (refusal?.because === 'browser') return { is: 'refused', why: refusal.why }
  if (chosen !== null) {
    const isAbsent = !facts.isFound && frames.length > 0 && attempt >= PATIENT_ATTEMPTS
    if (isAbsent) return { is: 'absent', store: chosen }
    return why === '' ? { is: 'seeking' } : { is: 'reconnecting', attempt, why }
  }
  if (frames.length > 0 && frames.every(({ stores }) => stores === 0)) {
    return { is: 'no-library', frames: frames.map(({ place }) => place) }
  }
  return { is: 'seeking' }
}
