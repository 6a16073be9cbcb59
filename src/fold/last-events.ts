import type { Projection } from '../core/projection.js'

type LastEvents = Record<string, Record<string, unknown>>

/** What the panel folds where the app names no projection: by topic and type, the data of the newest event. */
export const lastEvents: Projection<LastEvents> = {
  name: 'last event of each type',
  version: 1,
  initial: () => ({}),
  reduce: (state, { topic, type, data }) => ({ ...state, [topic]: { ...state[topic], [type]: data } }),
}
