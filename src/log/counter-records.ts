import { Counter, type MergedPart, type Stamp } from '../fold/counter/counter.js'
import { dateBuckets, placeBuckets } from '../fold/counter/convert.js'
import { layoutNamed, type Layout } from '../fold/counter/layout.js'
import type { Buckets } from '../fold/counter/buckets.js'
import { loadBuckets, storeBuckets, type StoredBuckets } from '../fold/counter/stored-buckets.js'
import type { KeyRange } from './database.js'

// What lies in the store 'counters', by key:
//
//   settings   CounterSettings
//   held       HeldSlot[]
//   =<id>      what this store counted itself: rewritten by every commit that counts it
//   +<id>      what was merged into it

export const SETTINGS = 'settings'
export const HELD = 'held'
export const ownKey = (id: string): string => `=${id}`
export const mergedKey = (id: string): string => `+${id}`
export const idOf = (key: unknown): string => String(key).slice(1)

/** The keys of all counters. */
export const ALL_OWN: KeyRange = { from: '=', to: '>' }
export const ALL_MERGED: KeyRange = { from: '+', to: ',' }

interface StoredCounter extends StoredBuckets {
  stamp: Stamp
  isMerged: boolean
}

type StoredPart = StoredBuckets & Pick<MergedPart, 'replica' | 'stamp'>

export function storedCounter({ own, stamp, merged }: Counter): StoredCounter {
  return { ...storeBuckets(own), stamp, isMerged: merged.length > 0 }
}

export function storedParts({ merged }: Counter): StoredPart[] {
  return merged.map(({ replica, stamp, buckets }) => ({ ...storeBuckets(buckets), replica, stamp }))
}

/** Null when it is damaged. */
export function openCounter(own: unknown, merged: unknown, layout: Layout): Counter | null {
  const buckets = openBuckets(own, layout)
  const { stamp } = (own ?? {}) as Partial<StoredCounter>
  if (buckets === null || !isStamp(stamp)) return null
  return new Counter(layout, buckets, stamp, openParts(merged, layout))
}

/** Those that are whole. */
function openParts(stored: unknown, layout: Layout): MergedPart[] {
  if (!Array.isArray(stored)) return []
  return (stored as unknown[]).flatMap((part) => {
    const { replica, stamp } = (part ?? {}) as Partial<StoredPart>
    const buckets = openBuckets(part, layout)
    return buckets !== null && isStamp(stamp) && typeof replica === 'string' ? [{ replica, stamp, buckets }] : []
  })
}

export function convertCounter({ own, stamp, merged }: Counter, layout: Layout): Counter {
  const convert = (buckets: Buckets): Buckets => placeBuckets(dateBuckets(buckets), layout)
  return new Counter(
    layout,
    convert(own),
    stamp,
    merged.map((part) => ({ ...part, buckets: convert(part.buckets) })),
  )
}

// Other units may have been tracked when it was stored, or another calendar.
function openBuckets(stored: unknown, layout: Layout): Buckets | null {
  const { layout: name } = (stored ?? {}) as Partial<StoredBuckets>
  if (name === layout.name) return loadBuckets(stored, layout)
  const then = typeof name === 'string' ? layoutNamed(name) : null
  const buckets = then && loadBuckets(stored, then)
  return buckets && placeBuckets(dateBuckets(buckets), layout)
}

function isStamp(stamp: unknown): stamp is Stamp {
  return Array.isArray(stamp) && stamp.length === 2 && stamp.every(Number.isSafeInteger)
}
