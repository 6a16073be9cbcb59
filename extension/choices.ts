import type { FoundStore } from './messages.js'
import type { Wire } from './wire.js'

/** A frame of the page, as far as it has told of itself. */
export interface Frame {
  id: number
  wire: Wire
  origin: string
  path: string
  /** Null: it has not told yet. */
  stores: readonly FoundStore[] | null
  /** Origins of the frames in it. */
  inside: readonly string[]
  /** Those of them that the panel may not look into. */
  forbidden: readonly string[]
  /** Its page goes: what it has told is over. */
  isLeaving: boolean
}

/** A store of one frame. The key stays the same when the page is loaded anew. */
export interface Choice {
  key: string
  frame: number
  /** Empty for the page itself. */
  place: string
  origin: string
  store: FoundStore
}

/** The stores of all frames, those of the page itself first. Handles of one store in one frame are one choice. */
export function choicesIn(frames: Iterable<Frame>): Choice[] {
  const seen = new Map<string, number>()
  return [...frames]
    .sort((a, b) => a.id - b.id)
    .flatMap((frame) => {
      const place = frame.id === 0 ? '' : frame.origin + frame.path
      const ordinal = (seen.get(place) ?? 0) + 1
      seen.set(place, ordinal)
      return choicesOf(frame, ordinal === 1 ? place : `${place} (${ordinal})`)
    })
}

function choicesOf({ id, origin, stores }: Frame, place: string): Choice[] {
  const byName = new Map<string, FoundStore>()
  for (const store of stores ?? []) if (!byName.has(store.name)) byName.set(store.name, store)
  return Array.from(byName.values(), (store) => ({ key: `${place} ${store.name}`, frame: id, place, origin, store }))
}
