import type { Schedule } from '../core/counters.js'
import { assertId, assertSchedule } from '../fold/counter/check.js'
import type { Range } from '../fold/counter/counter.js'
import type { Constraint, LimitPlan } from '../fold/counter/limit.js'
import { isUnit } from '../fold/counter/unit.js'
import type { CounterCommand, CounterCommands, CounterQuestion, CounterQuestions, LimitStep } from './counters.js'
import {
  asserted,
  isAnything,
  isFlag,
  isNumber,
  isWhole,
  listOf,
  oneOf,
  orNull,
  shape,
  tuple,
  type Is,
} from './shape.js'

type Takes<Calls extends Record<keyof Calls, (...args: never[]) => unknown>> = {
  [Call in keyof Calls]: Is<Parameters<Calls[Call]>>
}

const MOST_IDS = 1_000_000

const isId = asserted<string>((value) => assertId(value))
const isIds = listOf(isId, MOST_IDS)
const isRange = shape<Range>({ unit: orNull(isUnit), start: isWhole, end: isWhole })
const isPositive: Is<number> = (value): value is number => isNumber(value) && value > 0

export const isConstraint: Is<Constraint> = (value): value is Constraint => constraints.some((is) => is(value))
const constraints: Is<Constraint>[] = [
  shape<Constraint & { is: 'atMost' }>({ is: oneOf('atMost'), id: isId, limit: isWhole, windowMs: isPositive }),
  shape<Constraint & { is: 'atLeast' }>({ is: oneOf('atLeast'), id: isId, count: isWhole, windowMs: isPositive }),
  shape<Constraint & { is: 'cooldown' | 'within' }>({
    is: oneOf('cooldown', 'within'),
    id: isId,
    windowMs: isPositive,
  }),
  shape<Constraint & { is: 'during' | 'outsideOf' }>({
    is: oneOf('during', 'outsideOf'),
    schedule: asserted<Schedule>(assertSchedule),
  }),
]
const isPlan = shape<LimitPlan>({ id: isId, constraints: listOf(isConstraint) })

export const isLimitStep: Is<LimitStep> = (value): value is LimitStep => steps.some((is) => is(value))
const steps: Is<LimitStep>[] = [
  shape<LimitStep & { do: 'record' }>({ do: oneOf('record'), plan: isPlan }),
  shape<LimitStep & { do: 'reserve' }>({ do: oneOf('reserve'), plan: isPlan, reservation: isId, ttlMs: isPositive }),
  shape<LimitStep & { do: 'commit' }>({ do: oneOf('commit'), reservation: isId }),
]

/** Every question a tab may ask of the counters, and what it is asked with. */
const QUESTIONS: Takes<CounterQuestions> = {
  buckets: tuple(listOf(isIds), isRange),
  seen: tuple(isId),
  ids: tuple(),
  isDirty: tuple(),
  memoryUsage: tuple(),
  exported: tuple(orNull(isIds), isFlag),
  check: tuple(isPlan),
  usage: tuple(isPlan),
  limits: tuple(),
}

/** What is imported and merged is checked by whoever does it. */
const COMMANDS: Takes<CounterCommands> = {
  balance: tuple(isId, isId),
  markClean: tuple(),
  compact: tuple(),
  replace: tuple(isAnything),
  merge: tuple(isAnything),
  clear: tuple(orNull(isId)),
  letGo: tuple(isId),
}

export const isQuestion: Is<[CounterQuestion, unknown[]]> = (value): value is [CounterQuestion, unknown[]] =>
  isCallOf(QUESTIONS, value)

export const isCommand: Is<[CounterCommand, unknown[]]> = (value): value is [CounterCommand, unknown[]] =>
  isCallOf(COMMANDS, value)

function isCallOf(calls: Record<string, Is<unknown>>, value: unknown): boolean {
  if (!Array.isArray(value)) return false
  const [name, args] = value as unknown[]
  return typeof name === 'string' && Object.hasOwn(calls, name) && calls[name]!(args)
}
