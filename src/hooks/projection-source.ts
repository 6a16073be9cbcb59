import { faultOf, storeError, type Fault } from '../core/fault.js'
import type { ProjectedState, Projection } from '../core/projection.js'
import type { Store } from '../core/store.js'
import type { Opened } from './opened.js'

/** A projected state and the sequence of the newest event in it. After a fault: what was known until then. */
export type ProjectionView<S> =
  | { status: 'loading'; state: null; sequence: null; fault: null }
  | { status: 'live'; state: S; sequence: number; fault: null }
  | { status: 'fault'; state: S | null; sequence: number | null; fault: Fault }

export const LOADING_PROJECTION: ProjectionView<never> = { status: 'loading', state: null, sequence: null, fault: null }

/** Shows the state after the event with the sequence `at`, or keeps it current until it is stopped. */
export function watchProjection<S>(
  opened: Opened,
  projection: Projection<S>,
  at: number | undefined,
  show: (view: ProjectionView<S>) => void,
): () => void {
  const stopping = new AbortController()
  const { signal } = stopping
  let known: { state: S | null; sequence: number | null } = { state: null, sequence: null }

  const showState = ({ state, sequence }: ProjectedState<S>): void => {
    if (signal.aborted) return
    known = { state, sequence }
    show({ status: 'live', state, sequence, fault: null })
  }
  const run = async (): Promise<void> => {
    const store = await opened
    if (signal.aborted) return
    if (at !== undefined) return showState(await store.project(projection, { at }))
    if (!('observe' in store)) return showState(await store.project(projection))
    await (store as Store).observe(projection, showState, { signal }).closed
    // By nobody here.
    throw storeError('closed', 'The store was closed while its state was shown: open it again with openStore().')
  }
  run().catch((error: unknown) => {
    if (!signal.aborted) show({ status: 'fault', ...known, fault: faultOf(error) })
  })
  return () => stopping.abort()
}
