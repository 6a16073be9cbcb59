import { invalidArgument } from '../core/fault.js'
import { MEMORY_EVENT_TYPES, type MemoryEvent, type MemoryEventType } from './event.js'

const MOST = 2n ** 64n - 1n

type Check = [test: (value: unknown) => boolean, expected: string]

const unsigned64: Check = [isUnsigned64, 'an unsigned bigint of 64 bits']
const wholeNumber: Check = [isWhole, 'a whole number of at least 0']
const text: Check = [(value) => typeof value === 'string', 'a string']

const required: [field: keyof MemoryEvent, Check][] = [
  ['type', [isMemoryEventType, MEMORY_EVENT_TYPES.map((type) => `'${type}'`).join(' or ')]],
  ['timestamp', unsigned64],
  ['ptr', unsigned64],
  ['size', wholeNumber],
  ['threadId', wholeNumber],
]

const optional: [field: keyof MemoryEvent, Check][] = [
  ['oldSize', wholeNumber],
  ['toPtr', unsigned64],
  ['mutable', [(value) => typeof value === 'boolean', 'true or false']],
  ['varName', text],
  ['typeName', text],
  ['callStackHash', unsigned64],
  ['threadName', text],
  ['sourceFile', text],
  ['sourceLine', wholeNumber],
  ['modulePath', text],
  ['taskId', wholeNumber],
]

export function isMemoryEvent(event: unknown): event is MemoryEvent {
  return typeof event === 'object' && event !== null && wrongField(event as Partial<MemoryEvent>) === null
}

/** Throws 'invalid-argument' with the first field that is not what it should be. */
export function assertMemoryEvent(event: unknown): asserts event is MemoryEvent {
  if (typeof event !== 'object' || event === null) throw invalidArgument('event', 'a memory event', event)
  const wrong = wrongField(event as Partial<MemoryEvent>)
  if (wrong === null) return
  throw invalidArgument(wrong.field, wrong.expected, (event as Partial<MemoryEvent>)[wrong.field])
}

function wrongField(event: Partial<MemoryEvent>): { field: keyof MemoryEvent; expected: string } | null {
  for (const [field, [test, expected]] of required) if (!test(event[field])) return { field, expected }
  for (const [field, [test, expected]] of optional) {
    if (event[field] !== undefined && !test(event[field])) return { field, expected }
  }
  const goesSomewhere = event.type === 'move' || event.type === 'clone'
  return goesSomewhere && event.toPtr === undefined ? { field: 'toPtr', expected: unsigned64[1] } : null
}

/** An address or a hash, given as either of its forms. */
export function asUnsigned64(field: string, value: unknown): bigint {
  const wide = typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value
  if (isUnsigned64(wide)) return wide
  throw invalidArgument(field, 'an unsigned bigint of 64 bits or a safe integer', value)
}

/** `Infinity` stands for all of them. */
export function assertCount(field: string, value: unknown): void {
  if (value !== Infinity && !isWhole(value)) throw invalidArgument(field, 'a whole number of at least 0', value)
}

export function assertWhole(field: string, value: unknown): void {
  if (!isWhole(value)) throw invalidArgument(field, 'a whole number of at least 0', value)
}

export function assertAtLeastZero(field: string, value: unknown): void {
  if (typeof value !== 'number' || !(value >= 0)) throw invalidArgument(field, 'a number of at least 0', value)
}

export function assertTime(field: string, value: unknown): void {
  if (typeof value !== 'number' || Number.isNaN(value)) throw invalidArgument(field, 'a time in milliseconds', value)
}

export function assertText(field: string, value: unknown): void {
  if (typeof value !== 'string') throw invalidArgument(field, 'a string', value)
}

function isUnsigned64(value: unknown): value is bigint {
  return typeof value === 'bigint' && value >= 0n && value <= MOST
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isMemoryEventType(value: unknown): value is MemoryEventType {
  return MEMORY_EVENT_TYPES.includes(value as MemoryEventType)
}
