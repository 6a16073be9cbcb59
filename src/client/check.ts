import { invalidArgument } from '../core/fault.js'
import type { EventDraft, Query } from '../core/event.js'

// Arguments are checked where they come in, before anything is done with them.

export function assertStoreName(name: unknown): asserts name is string {
  assertText('name', name, 256)
}

export function assertTopicName(name: unknown): asserts name is string {
  assertText('topic', name, 256)
}

export function assertDraft(draft: EventDraft): void {
  if (typeof draft !== 'object' || draft === null) throw invalidArgument('event', 'an object { type, data }', draft)
  assertText('type', draft.type, 1024)
  const { time, weight, id, meta } = draft
  if (time !== undefined && !(typeof time === 'number' && Number.isFinite(time))) {
    throw invalidArgument('time', 'a finite number of milliseconds', time)
  }
  if (weight !== undefined && !(typeof weight === 'number' && Number.isFinite(weight) && weight > 0)) {
    throw invalidArgument('weight', 'a positive number', weight)
  }
  if (id !== undefined) assertText('id', id, 1024)
  if (meta !== undefined && (typeof meta !== 'object' || meta === null || Array.isArray(meta))) {
    throw invalidArgument('meta', 'an object', meta)
  }
}

export function assertQuery(query: Query & { topics?: string[]; pageSize?: number }): void {
  if (typeof query !== 'object' || query === null) throw invalidArgument('query', 'an object', query)
  wholeNumber('from', query.from, 0)
  wholeNumber('to', query.to, 0)
  wholeNumber('limit', query.limit, 0)
  wholeNumber('pageSize', query.pageSize, 1)
  for (const field of ['since', 'until'] as const) {
    const time = query[field]
    if (time !== undefined && (typeof time !== 'number' || Number.isNaN(time))) {
      throw invalidArgument(field, 'a time in milliseconds', time)
    }
  }
  listOfText('types', query.types)
  listOfText('topics', query.topics)
  oneOf('direction', query.direction, ['forward', 'backward'])
  if (query.where !== undefined && (typeof query.where !== 'object' || query.where === null)) {
    throw invalidArgument('where', 'an object of paths and values', query.where)
  }
}

export function assertSignal(signal: unknown): void {
  if (signal === undefined || (typeof signal === 'object' && signal !== null && 'aborted' in signal)) return
  throw invalidArgument('signal', 'an AbortSignal', signal)
}

export function assertCount(field: string, value: unknown): void {
  if (value === undefined) throw invalidArgument(field, 'a whole number', value)
  wholeNumber(field, value, 0)
}

/** Infinity stands for no limit. */
export function wholeNumber(field: string, value: unknown, least: number): void {
  if (value === undefined || value === Infinity) return
  if (!Number.isSafeInteger(value) || (value as number) < least) {
    throw invalidArgument(field, `a whole number of at least ${least}`, value)
  }
}

export function atLeast(field: string, value: unknown, least: number): void {
  if (value === undefined) return
  if (typeof value !== 'number' || !(value >= least) || value === Infinity) {
    throw invalidArgument(field, `a number of at least ${least}`, value)
  }
}

export function assertText(field: string, value: unknown, most: number): asserts value is string {
  if (typeof value !== 'string' || value.length === 0 || value.length > most) {
    throw invalidArgument(field, `a string of 1 to ${most} characters`, value)
  }
}

function listOfText(field: string, value: unknown): void {
  if (value === undefined) return
  if (!Array.isArray(value) || !value.every((own) => typeof own === 'string')) {
    throw invalidArgument(field, 'a list of strings', value)
  }
}

export function oneOf(field: string, value: unknown, allowed: readonly string[]): void {
  if (value === undefined || allowed.includes(value as string)) return
  throw invalidArgument(field, allowed.map((own) => `'${own}'`).join(' or '), value)
}

export function ofType(field: string, value: unknown, type: string): void {
  if (value !== undefined && typeof value !== type) throw invalidArgument(field, `a ${type}`, value)
}
