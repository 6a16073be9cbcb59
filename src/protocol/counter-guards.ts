import { invalidArgument } from '../core/fault.js'
import { assertId, assertSchedule, assertUnit, assertWhole } from '../fold/counter/check.js'
import type { CounterCommand, CounterQuestion } from './counters.js'

type Check = (args: readonly unknown[]) => void

/** Every question a tab may ask of the counters, and the check of its arguments. */
const QUESTIONS: Record<CounterQuestion, Check> = {
  buckets: ([groups, range]) => {
    for (const ids of list('groups', groups)) assertIds(ids)
    const { unit, start, end } = object('range', range)
    if (unit !== null) assertUnit(unit)
    assertWhole('start', start, 0)
    assertWhole('end', end, 0)
  },
  seen: ([id]) => assertId(id),
  ids: () => {},
  isDirty: () => {},
  memoryUsage: () => {},
  exported: ([ids, dirtyOnly]) => {
    if (ids !== null) assertIds(ids)
    if (typeof dirtyOnly !== 'boolean') throw invalidArgument('dirtyOnly', 'true or false', dirtyOnly)
  },
  check: ([plan]) => assertPlan(plan),
  usage: ([plan]) => assertPlan(plan),
  limits: () => {},
}

/** What is imported and merged is checked by whoever does it. */
const COMMANDS: Record<CounterCommand, Check> = {
  balance: ([positive, negative]) => {
    assertId(positive, 'positive')
    assertId(negative, 'negative')
  },
  markClean: () => {},
  compact: () => {},
  replace: () => {},
  merge: () => {},
  clear: ([id]) => {
    if (id !== null) assertId(id)
  },
  letGo: ([reservation]) => assertId(reservation, 'reservation'),
}

export function assertQuestion(name: unknown, args: unknown): void {
  assertCall('question', QUESTIONS, name, args)
}

export function assertCommand(name: unknown, args: unknown): void {
  assertCall('command', COMMANDS, name, args)
}

function assertCall(field: string, checks: Record<string, Check>, name: unknown, args: unknown): void {
  if (typeof name !== 'string' || !Object.hasOwn(checks, name)) throw invalidArgument(field, 'a known one', name)
  checks[name]!(list('arguments', args))
}

export function assertLimitStep(value: unknown): void {
  const step = object('limit', value)
  if (step['do'] !== 'record') assertId(step['reservation'], 'reservation')
  if (step['do'] === 'commit') return
  assertPlan(step['plan'])
  if (step['do'] === 'reserve') assertWhole('ttlMs', step['ttlMs'], 1)
  else if (step['do'] !== 'record') throw invalidArgument('limit', 'a known step', step['do'])
}

function assertPlan(value: unknown): void {
  const { id, constraints } = object('plan', value)
  assertId(id)
  for (const constraint of list('constraints', constraints)) {
    const { is, schedule, limit, count, windowMs, ...rest } = object('constraint', constraint)
    if (is === 'during' || is === 'outsideOf') {
      assertSchedule(schedule)
      continue
    }
    assertId(rest['id'])
    if (typeof windowMs !== 'number' || !(windowMs > 0))
      throw invalidArgument('windowMs', 'a positive number', windowMs)
    if (is === 'atMost') assertWhole('limit', limit, 0)
    else if (is === 'atLeast') assertWhole('count', count, 0)
    else if (is !== 'cooldown' && is !== 'within') throw invalidArgument('constraint', 'a known one', is)
  }
}

function assertIds(value: unknown): void {
  for (const id of list('ids', value)) assertId(id)
}

function list(field: string, value: unknown): unknown[] {
  if (!Array.isArray(value) || value.length > 1_000_000) throw invalidArgument(field, 'a list', value)
  return value
}

function object(field: string, value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw invalidArgument(field, 'an object', value)
  return value as Record<string, unknown>
}
