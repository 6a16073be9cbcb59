import type { EventDraft, Query, StoredEvent } from '../core/event.js'
import { isMemoryEvent } from './check.js'
import { joinTime, nanosecondsOf, splitNanoseconds } from './clock.js'
import type { MemoryEvent } from './event.js'

/** Data of a memory event in the log. Integers of 64 bits are numbers where these are exact, else bigints. */
export type StoredMemoryData = Omit<MemoryEvent, 'type' | 'timestamp' | 'ptr' | 'toPtr' | 'callStackHash'> & {
  ptr: number | bigint
  toPtr?: number | bigint
  callStackHash?: number | bigint
  /** Nanoseconds of the event's millisecond, where its time alone does not tell them exactly enough. */
  ns?: number
}

/** Fields that are stored as they are, where there are any. */
const ALIKE = [
  'oldSize',
  'mutable',
  'varName',
  'typeName',
  'threadName',
  'sourceFile',
  'sourceLine',
  'modulePath',
  'taskId',
] as const

type Unchecked<T> = { [K in keyof T]: unknown }

export function draftOf(event: MemoryEvent): EventDraft<string, StoredMemoryData> & { time: number } {
  const { type, timestamp, ptr, size, threadId, toPtr, callStackHash } = event
  const { time, ns } = splitNanoseconds(timestamp)
  const data: StoredMemoryData = { ptr: narrow(ptr), size, threadId, ns }
  if (toPtr !== undefined) data.toPtr = narrow(toPtr)
  if (callStackHash !== undefined) data.callStackHash = narrow(callStackHash)
  copyAlike(event, data)
  return { type, time, data }
}

/** Null of what is no memory event: anything may have been recorded in the topic, or come out of a file. */
export function memoryEventOf({ type, time, data }: StoredEvent): MemoryEvent | null {
  if (typeof data !== 'object' || data === null || !Number.isFinite(time)) return null
  const stored = data as Partial<StoredMemoryData>
  const { ns, ptr, size, threadId, toPtr, callStackHash } = stored
  if (ns !== undefined && !(Number.isInteger(ns) && Math.abs(ns) < 1e6)) return null
  const timestamp = ns === undefined ? nanosecondsOf(time) : joinTime({ time, ns })
  const event: Unchecked<MemoryEvent> = { type, timestamp, ptr: widen(ptr), size, threadId }
  if (toPtr !== undefined) event.toPtr = widen(toPtr)
  if (callStackHash !== undefined) event.callStackHash = widen(callStackHash)
  copyAlike(stored, event)
  return isMemoryEvent(event) ? event : null
}

// One by one: rest and spread take ten times as long, and this runs for every event of a fold.
function copyAlike(from: Partial<Unchecked<MemoryEvent>>, to: Partial<Unchecked<MemoryEvent>>): void {
  for (const field of ALIKE) if (from[field] !== undefined) to[field] = from[field]
}

const WIDE = ['ptr', 'toPtr', 'callStackHash'] satisfies (keyof StoredMemoryData)[] as string[]

/** The query as the log takes it: addresses and hashes in the form in which they are stored. */
export function queryOf(query: Query): Query {
  if (typeof query?.where !== 'object' || query.where === null) return query
  const where = Object.entries(query.where).map(([path, value]) => [
    path,
    WIDE.includes(path) && typeof value === 'bigint' ? narrow(value) : value,
  ])
  return { ...query, where: Object.fromEntries(where) }
}

export function narrow(wide: bigint): number | bigint {
  return wide <= MOST_SAFE ? Number(wide) : wide
}

const MOST_SAFE = BigInt(Number.MAX_SAFE_INTEGER)

function widen(stored: unknown): unknown {
  return Number.isSafeInteger(stored) ? BigInt(stored as number) : stored
}
