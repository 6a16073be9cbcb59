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

export function draftOf(event: MemoryEvent): EventDraft<string, StoredMemoryData> & { time: number } {
  const { type, timestamp, ptr, size, threadId } = event
  const { time, ns } = splitNanoseconds(timestamp)
  const data: StoredMemoryData = { ptr: narrow(ptr), size, threadId, ns }
  if (event.oldSize !== undefined) data.oldSize = event.oldSize
  if (event.toPtr !== undefined) data.toPtr = narrow(event.toPtr)
  if (event.mutable !== undefined) data.mutable = event.mutable
  if (event.varName !== undefined) data.varName = event.varName
  if (event.typeName !== undefined) data.typeName = event.typeName
  if (event.callStackHash !== undefined) data.callStackHash = narrow(event.callStackHash)
  if (event.threadName !== undefined) data.threadName = event.threadName
  if (event.sourceFile !== undefined) data.sourceFile = event.sourceFile
  if (event.sourceLine !== undefined) data.sourceLine = event.sourceLine
  if (event.modulePath !== undefined) data.modulePath = event.modulePath
  if (event.taskId !== undefined) data.taskId = event.taskId
  return { type, time, data }
}

const WIDE = ['ptr', 'toPtr', 'callStackHash'] satisfies (keyof StoredMemoryData)[] as string[]

// Field by field, as they are written: rest and spread take ten times as long, and this runs for every event of a fold.
/** Null of what is no memory event: anything may have been recorded in the topic, or come out of a file. */
export function memoryEventOf({ type, time, data }: StoredEvent): MemoryEvent | null {
  if (typeof data !== 'object' || data === null || !Number.isFinite(time)) return null
  const stored = data as Partial<StoredMemoryData>
  const { ns, ptr, size, threadId } = stored
  if (ns !== undefined && !Number.isInteger(ns)) return null
  const timestamp = ns === undefined ? nanosecondsOf(time) : joinTime({ time, ns })
  const event: Unchecked<MemoryEvent> = { type, timestamp, ptr: widen(ptr), size, threadId }
  if (stored.oldSize !== undefined) event.oldSize = stored.oldSize
  if (stored.toPtr !== undefined) event.toPtr = widen(stored.toPtr)
  if (stored.mutable !== undefined) event.mutable = stored.mutable
  if (stored.varName !== undefined) event.varName = stored.varName
  if (stored.typeName !== undefined) event.typeName = stored.typeName
  if (stored.callStackHash !== undefined) event.callStackHash = widen(stored.callStackHash)
  if (stored.threadName !== undefined) event.threadName = stored.threadName
  if (stored.sourceFile !== undefined) event.sourceFile = stored.sourceFile
  if (stored.sourceLine !== undefined) event.sourceLine = stored.sourceLine
  if (stored.modulePath !== undefined) event.modulePath = stored.modulePath
  if (stored.taskId !== undefined) event.taskId = stored.taskId
  return isMemoryEvent(event) ? event : null
}

type Unchecked<T> = { [K in keyof T]: unknown }

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
