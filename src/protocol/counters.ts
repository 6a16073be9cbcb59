import type { CounterExport, TrackedInterval } from '../core/counters.js'
import type { Range } from '../fold/counter/counter.js'
import type { LimitPlan, LimitState } from '../fold/counter/limit.js'

/** What a submission asks of the limits before it is committed. */
export type LimitStep =
  | { do: 'record'; plan: LimitPlan }
  | { do: 'reserve'; plan: LimitPlan; reservation: string; ttlMs: number }
  | { do: 'commit'; reservation: string }

/** Questions to the counters: they change nothing. */
export interface CounterQuestions {
  /** Each group's sum, newest bucket first. Null: nothing in it was seen, or the unit is not tracked. */
  buckets(groups: readonly (readonly string[])[], range: Range): Promise<(number[] | null)[]>
  seen(id: string): Promise<{ last: number | null; first: number | null }>
  ids(): Promise<string[]>
  isDirty(): Promise<boolean>
  memoryUsage(): Promise<number>
  exported(ids: readonly string[] | null, dirtyOnly: boolean): Promise<CounterExport>
  check(plan: LimitPlan): Promise<void>
  usage(plan: LimitPlan): Promise<{ count: number; limit: number; remaining: number }>
  /** Of what was asked of limits since this writer started, by any tab. */
  limits(): Promise<LimitState[]>
}

/** What is done to them once, in the order of what the tab records. */
export interface CounterCommands {
  balance(positive: string, negative: string): Promise<number>
  markClean(): Promise<void>
  compact(): Promise<void>
  /** Checked by whoever does it. */
  replace(data: unknown): Promise<void>
  merge(data: unknown): Promise<void>
  clear(id: string | null): Promise<void>
  letGo(reservation: string): Promise<void>
}

export type CounterQuestion = keyof CounterQuestions
export type CounterCommand = keyof CounterCommands

/** Finest first. */
export type Tracked = readonly TrackedInterval[]
