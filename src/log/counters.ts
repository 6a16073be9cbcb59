import type { CounterExport } from '../core/counters.js'
import { checkCounters, exportCounters, placeParts, type CheckedCounters } from '../fold/counter/exchange.js'
import { bucketsIn, Counter, isNewer, sumOfBuckets, type MergedPart, type Range } from '../fold/counter/counter.js'
import { Buckets } from '../fold/counter/buckets.js'
import {
  checkLimits,
  stateOf,
  usageOf,
  type Constraint,
  type LimitPlan,
  type LimitState,
} from '../fold/counter/limit.js'
import type { CounterCommands, CounterQuestions, Tracked } from '../protocol/counters.js'
import { heldLocks } from '../core/locks.js'
import { tabLockName } from '../protocol/names.js'
import type { Command } from './commands.js'
import type { CounterBook } from './counter-book.js'
import type { HeldSlot } from './counter-memory.js'
import { ALL_MERGED, ALL_OWN, idOf, SETTINGS } from './counter-records.js'
import type { CounterTransactions } from './counter-transactions.js'
import type { Counting, CounterSettings } from './counting.js'

/** The counters beside the log, in the same database and of the same revision. */
export class LogCounters implements Omit<CounterQuestions, 'limits'> {
  readonly #transactions: CounterTransactions

  constructor(transactions: CounterTransactions) {
    this.#transactions = transactions
  }

  get counting(): Counting {
    return this.#transactions.counting
  }

  tracked(): Promise<Tracked> {
    return this.#transactions.ask([], (book) => book.layout.tracked)
  }

  buckets(groups: readonly (readonly string[])[], range: Range): Promise<(number[] | null)[]> {
    return this.#transactions.ask(groups.flat(), (book) => {
      const own = (id: string): number[] | null => bucketsIn(book.counter(id), range, book.layout, book.now)
      return groups.map((ids) => sumOfBuckets([...new Set(ids)].map(own)))
    })
  }

  seen(id: string): Promise<{ last: number | null; first: number | null }> {
    return this.#transactions.ask([id], (book) => book.counter(id)?.seen(book.now) ?? { last: null, first: null })
  }

  ids(): Promise<string[]> {
    return this.#transactions.ask([], async (_book, tx) => (await tx.keys('counters', ALL_OWN)).map(idOf))
  }

  isDirty(): Promise<boolean> {
    return this.#transactions.ask([], (book) => book.isDirty)
  }

  memoryUsage(): Promise<number> {
    return this.#transactions.ask([], (_book, _tx, memory) => memory.counters.bytes)
  }

  exported(ids: readonly string[] | null, dirtyOnly: boolean): Promise<CounterExport> {
    return this.#transactions.ask(ids ?? [], async (book, tx, { head }) => {
      const all = ids ?? (await tx.keys('counters', ALL_OWN)).map(idOf)
      if (ids === null) await book.load(tx, all)
      const found = all.flatMap((id): [string, Counter][] => {
        const counter = book.counter(id)
        const isMeant = counter !== null && (!dirtyOnly || counter.stamp[1] > book.head.clean)
        return isMeant ? [[id, counter]] : []
      })
      return exportCounters(head.database, book.layout, found)
    })
  }

  check(plan: LimitPlan): Promise<void> {
    return this.#transactions.ask(idsOf(plan), (book) => checkLimits(plan, book))
  }

  usage(plan: LimitPlan): Promise<{ count: number; limit: number; remaining: number }> {
    return this.#transactions.ask(idsOf(plan), (book) => usageOf(plan, book))
  }

  states(constraints: readonly Constraint[]): Promise<LimitState[]> {
    return this.#transactions.ask(idsIn(constraints), (book) => constraints.map((own) => stateOf(own, book)))
  }

  /** What an openStore() named holds for writers to come too. */
  async remember(settings: CounterSettings): Promise<void> {
    const known = await this.#transactions.ask([], (_book, _tx, { counters }) => counters.settings)
    if (known && known.at >= settings.at) return
    await this.#transactions.change([], null, undefined, (_book, tx, memory) => {
      if (memory.counters.settings && memory.counters.settings.at >= settings.at) return
      memory.counters.settings = settings
      tx.put('counters', SETTINGS, settings)
    })
  }

  /** How much was recorded on the lesser side. */
  balance(positive: string, negative: string, command: Command): ReturnType<CounterCommands['balance']> {
    return this.#transactions.change([positive, negative], command, 0, (book) => {
      const [plus, minus] = [positive, negative].map((id) => book.counter(id)?.total ?? 0) as [number, number]
      const difference = Math.abs(plus - minus)
      const { now } = book
      if (difference > 0) book.count(plus < minus ? positive : negative, book.momentOf(now), difference, now, now)
      return difference
    })
  }

  async markClean(command: Command): Promise<void> {
    // A later version's are left as they are.
    if (!(await this.isDirty()) || this.#transactions.refusal) return
    await this.#transactions.change([], command, undefined, (book) => book.markClean())
  }

  /** Counters that never counted anything go; the others are stored without what fell out of their buckets, and unloaded. */
  async compact(command: Command): Promise<void> {
    const memory = await this.#transactions.change([], command, null, async (book, tx, memory) => {
      const all = (await tx.keys('counters', ALL_OWN)).map(idOf)
      await book.load(tx, all)
      for (const id of all) book.compact(id)
      return memory
    })
    memory?.counters.loaded.clear()
  }

  async replace(data: unknown, command: Command | null): Promise<void> {
    const { counters } = checkCounters(data)
    await this.#transactions.change([...counters.keys()], command, undefined, (book, _tx, { head }) => {
      for (const [id, parts] of counters) {
        const { own, others } = placeParts(parts, head.database, book.layout, book.now)
        book.replace(id, new Counter(book.layout, own?.buckets ?? new Buckets(book.layout), [0, 0], others))
      }
    })
  }

  async merge(data: unknown, command: Command | null): Promise<void> {
    const checked = checkCounters(data)
    await this.#transactions.change([...checked.counters.keys()], command, undefined, (book, _tx, { head }) => {
      mergeAll(book, checked, head.database)
    })
  }

  clear(id: string | null, command: Command): Promise<void> {
    return this.#transactions.change(id === null ? [] : [id], command, undefined, (book, tx, memory) => {
      if (id === null) {
        tx.delete('counters', ALL_OWN)
        tx.delete('counters', ALL_MERGED)
        memory.counters.loaded.clear()
        book.forgetAll()
      } else if (book.counter(id)) book.replace(id, null)
    })
  }

  async letGo(reservation: string): Promise<void> {
    await this.letGoWhere((slot) => slot.reservation === reservation)
  }

  /** Slots go back to whoever asks next. Answers whether there were any. */
  async letGoWhere(isGone: (slot: HeldSlot) => boolean): Promise<boolean> {
    const held = await this.#held()
    if (!held.some(isGone)) return false
    await this.#transactions.change([], null, undefined, (book) => book.letGo(isGone))
    return true
  }

  /** Those of tabs that are gone, also where no writer heard of it. */
  async letGoOfDead(): Promise<boolean> {
    if ((await this.#held()).length === 0) return false
    const alive = await heldLocks()
    return alive !== null && this.letGoWhere(({ producer }) => !alive.has(tabLockName(producer)))
  }

  #held(): Promise<readonly HeldSlot[]> {
    return this.#transactions.ask([], (_book, _tx, memory) => memory.counters.held)
  }
}

function mergeAll(book: CounterBook, { counters }: CheckedCounters, ownReplica: string): void {
  for (const [id, parts] of counters) {
    const { others } = placeParts(parts, ownReplica, book.layout, book.now)
    const known = book.counter(id)
    const merged = new Map((known?.merged ?? []).map((part) => [part.replica, part]))
    const newer = others.filter(({ replica, stamp }) => {
      const before: MergedPart | undefined = merged.get(replica)
      return !before || isNewer(stamp, before.stamp)
    })
    if (newer.length === 0) continue
    for (const part of newer) merged.set(part.replica, part)
    const own = known?.own ?? new Buckets(book.layout)
    book.replace(id, new Counter(book.layout, own, known?.stamp ?? [0, 0], [...merged.values()]))
  }
}

function idsOf({ id, constraints }: LimitPlan): string[] {
  return [id, ...idsIn(constraints)]
}

function idsIn(constraints: readonly Constraint[]): string[] {
  return constraints.flatMap((constraint) => ('id' in constraint ? [constraint.id] : []))
}
