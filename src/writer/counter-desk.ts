import { StoreError } from '../core/fault.js'
import type { LimitPlan } from '../fold/counter/limit.js'
import type { Command } from '../log/commands.js'
import type { LogCounters } from '../log/counters.js'
import type { CounterSettings } from '../log/counting.js'
import type {
  CounterCommand,
  CounterCommands,
  CounterQuestion,
  CounterQuestions,
  Tracked,
} from '../protocol/counters.js'
import type { Flusher } from './flusher.js'
import { LimitsInUse } from './limits-in-use.js'

/** Answers what tabs ask of the counters, and does what they want done to them. */
export class CounterDesk {
  readonly #counters: LogCounters
  readonly #flusher: Flusher
  readonly limits = new LimitsInUse()

  constructor(counters: LogCounters, flusher: Flusher) {
    this.#counters = counters
    this.#flusher = flusher
  }

  /** What is tracked, also while the storage does not answer. */
  async tracked(): Promise<Tracked> {
    const { counting } = this.#counters
    return this.#counters.tracked().catch(() => counting.current(null).layout.tracked)
  }

  async configure(settings: CounterSettings): Promise<void> {
    this.#counters.counting.name(settings)
    // Storage that fails tells so when something is committed.
    await this.#flusher.inTurn(() => this.#counters.remember(settings), { frees: false }).catch(() => {})
  }

  // Questions see what was committed by then; whether anything is dirty is told without committing it.
  async ask(question: CounterQuestion, args: unknown[]): Promise<unknown> {
    if (question === 'isDirty') return this.#flusher.queue.events > 0 || this.#counters.isDirty()
    await this.#flusher.flush().catch(() => {})
    if (question === 'limits') return this.#counters.states(this.limits.constraints)
    // Its guard has let it through.
    if (question === 'check' || question === 'usage') this.limits.note(args[0] as LimitPlan)
    const ask = this.#counters[question] as (...args: unknown[]) => ReturnType<CounterQuestions[CounterQuestion]>
    return this.unlessDead<unknown>(() => ask.apply(this.#counters, args))
  }

  /** What a limit refuses is asked again if slots were held by tabs that are gone. */
  async unlessDead<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask()
    } catch (error) {
      const isRefusal = error instanceof StoreError && error.code === 'limit-exceeded'
      if (!isRefusal || !(await this.#counters.letGoOfDead())) throw error
      return ask()
    }
  }

  async do(name: CounterCommand, args: unknown[], command: Command): Promise<unknown> {
    let answer: unknown
    const work = async (): Promise<void> => {
      const own = this.#counters[name] as (...args: unknown[]) => ReturnType<CounterCommands[CounterCommand]>
      answer = await own.call(this.#counters, ...args, command)
    }
    await this.#flusher.inTurn(work, { frees: false })
    return answer
  }
}
