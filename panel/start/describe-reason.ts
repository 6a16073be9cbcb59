import { bounded } from './bounded-text.js'

const MESSAGE_LENGTH = 400
const STACK_LENGTH = 4000

/** What was thrown or rejected, as plain data. Anything can be thrown: proxies, getters that throw, symbols, nothing. */
export interface ReasonDescription {
  name: string
  message: string
  stack?: string
  cause?: string
}

export function describeReason(reason: unknown): ReasonDescription {
  try {
    if (reason !== null && (typeof reason === 'object' || typeof reason === 'function')) return describeObject(reason)
    const message = typeof reason === 'symbol' ? reason.toString() : String(reason)
    return { name: reason === null ? 'null' : typeof reason, message: bounded(message, MESSAGE_LENGTH) }
  } catch {
    return { name: 'unreadable', message: 'What was thrown could not be read.' }
  }
}

// By shape, not `instanceof`: an error of a frame or a worker is another realm's.
function describeObject(reason: object): ReasonDescription {
  const { name, message, stack, cause } = reason as Partial<Record<'name' | 'message' | 'stack' | 'cause', unknown>>
  if (typeof message !== 'string') return { name: kindOf(reason), message: keysOf(reason) }
  const described: ReasonDescription = {
    name: typeof name === 'string' ? bounded(name) : kindOf(reason),
    message: bounded(message, MESSAGE_LENGTH),
  }
  if (typeof stack === 'string') described.stack = stack.slice(0, STACK_LENGTH)
  if (cause !== undefined) described.cause = causeLine(cause)
  return described
}

function causeLine(cause: unknown): string {
  const { name, message } = describeReason(typeof cause === 'object' && cause !== null ? withoutCause(cause) : cause)
  return bounded(`${name}: ${message}`, MESSAGE_LENGTH)
}

/** One level only: a cause may be its own cause. */
function withoutCause(cause: object): object {
  const { name, message } = cause as { name?: unknown; message?: unknown }
  return typeof message === 'string' ? { name, message } : cause
}

function kindOf(value: object): string {
  const constructor: unknown = value.constructor
  return typeof constructor === 'function' ? bounded(constructor.name) || 'object' : 'object'
}

/** The keys alone: values may be anything, typed text included. */
function keysOf(value: object): string {
  return typeof value === 'function' ? 'a function' : bounded(`{ ${Object.keys(value).slice(0, 12).join(', ')} }`)
}
