import { invalidArgument } from '../core/fault.js'

// Arguments are checked where they come in, before anything is done with them.

export function assertStoreName(name: unknown): asserts name is string {
  assertText('name', name, 256)
}

export function assertTopicName(name: unknown): asserts name is string {
  assertText('topic', name, 256)
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

export function oneOf(field: string, value: unknown, allowed: readonly string[]): void {
  if (value === undefined || allowed.includes(value as string)) return
  throw invalidArgument(field, allowed.map((own) => `'${own}'`).join(' or '), value)
}

export function ofType(field: string, value: unknown, type: string): void {
  if (value !== undefined && typeof value !== type) throw invalidArgument(field, `a ${type}`, value)
}
