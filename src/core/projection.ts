import type { StoredEvent } from './event.js'

/**
 * How events become a state. The state is what folding the events in the log gives, up to a sequence: what is cleared,
 * erased or evicted by retention is no part of it any more, whatever was asked before. What must outlive retention goes
 * into an event of its own, or into counters.
 *
 * The state is anything structuredClone takes (a class instance loses its prototype). Whoever is given one owns it.
 */
export interface Projection<S> {
  /** 1–256 characters. Its checkpoints are kept in the store under name, version and topics. */
  name: string
  /** A whole number. Raise it when the fold changes: old checkpoints are then ignored. */
  version: number
  /** Default all. */
  topics?: string[]
  initial(): S
  /** Returns the next state; the same one where the event changes nothing. Best it leaves the state it is given as it is, and
   *  depends on nothing but state and event. What it throws rejects with 'invalid-argument', naming the event's sequence. */
  reduce(state: S, event: StoredEvent): S
}

export interface ProjectedState<S> {
  state: S
  /** Of the newest event folded; -1 when there was none. */
  sequence: number
  /** Events folded since the checkpoint used. */
  replayed: number
}

/** `before` is absent of what was added, `after` of what was removed. */
export interface Change {
  path: (string | number)[]
  kind: 'added' | 'removed' | 'changed'
  before?: unknown
  after?: unknown
}
