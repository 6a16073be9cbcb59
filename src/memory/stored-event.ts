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

/** Null of what is no memory event: anything may have been recorded in the topic, or come out of a file. */
export function memoryEventOf({ type, time, data }: StoredEvent): MemoryEvent | null {
  if (typeof data !== 'object' || data === null) return null
  const { ns, ptr, toPtr, callStackHash, ...rest } = data as Partial<StoredMemoryData>
  if (!Number.isFinite(time) || !(ns === undefined || Number.isInteger(ns))) return null
  const event = {
    ...rest,
    type,
    timestamp: ns === undefined ? nanosecondsOf(time) : joinTime({ time, ns }),
    ptr: widen(ptr),
    ...(toPtr === undefined ? {} : { toPtr: widen(toPtr) }),
    ...(callStackHash === undefined ? {} : { callStackHash: widen(callStackHash) }),
  }
  return isMemoryEvent(event) ? event : null
}

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
