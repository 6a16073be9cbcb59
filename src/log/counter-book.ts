import { Buckets } from '../fold/counter/buckets.js'
import { dateBuckets, placeBuckets } from '../fold/counter/convert.js'
import { Counter } from '../fold/counter/counter.js'
import type { Layout, Moment } from '../fold/counter/layout.js'
import { checkLimits, type Counted } from '../fold/counter/limit.js'
import { storeError } from '../core/fault.js'
import type { LimitStep } from '../protocol/counters.js'
import type { CounterMemory, HeldSlot } from './counter-memory.js'
import {
  ALL_OWN,
  convertCounter,
  HELD,
  mergedKey,
  openCounter,
  ownKey,
  storedCounter,
  storedParts,
} from './counter-records.js'
import { MOST_IDS, type Counting } from './counting.js'
import {
  NO_COUNTERS,
  type CountersHead,
  type KeyRange,
  type ReadTransaction,
  type WriteTransaction,
} from './database.js'
import type { LogMemory } from './log-memory.js'

/** What counting came to, beside the counts. */
export interface Uncounted {
  /** Counted nowhere: too old for every bucket. */
  late: number
  /** New ids past the most there may be: how often, and the last one. */
  refused: { times: number; id: string; most: number } | null
  /** Whose records could not be read: what the log still has of them is to be counted again. */
  damaged: string[]
}

/** The counters that one transaction works with, all of them loaded when it is opened. */
export class CounterBook implements Counted {
  readonly layout: Layout
  readonly now: number
  readonly countsEvents: boolean
  readonly uncounted: Uncounted = { late: 0, refused: null, damaged: [] }
  readonly #memory: LogMemory
  readonly #moment: Moment
  readonly #oldest: number
  readonly #mostIds: number
  readonly #changed = new Set<string>()
  readonly #changedParts = new Set<string>()
  /** Stored anew, though they count the same. */
  readonly #rewritten = new Set<string>()
  #head: CountersHead
  #heldChanged = false

  private constructor(memory: LogMemory, counting: Counting, head: CountersHead) {
    const { options, layout } = counting.current(memory.counters.settings)
    this.layout = layout
    this.now = counting.clock.now()
    this.countsEvents = options.countEvents ?? true
    this.#memory = memory
    this.#moment = layout.at(this.now)
    this.#oldest = layout.oldestAt(this.now)
    this.#mostIds = options.maxIds ?? MOST_IDS
    this.#head = head
  }

  static async open(
    tx: ReadTransaction,
    memory: LogMemory,
    counting: Counting,
    ids: (book: CounterBook) => readonly string[],
  ): Promise<CounterBook> {
    await memory.counters.open(tx)
    const { counters: known, nextSequence } = memory.head
    const head = known ?? { ...NO_COUNTERS, recounts: [{ below: nextSequence, ids: null }] }
    const count = head.ids ?? (await tx.keys('counters', ALL_OWN)).length
    const book = new CounterBook(memory, counting, { ...head, ids: count })
    await book.load(tx, ids(book))
    return book
  }

  get head(): CountersHead {
    return this.#head
  }

  get isDirty(): boolean {
    return this.#head.changed > this.#head.clean
  }

  async load(tx: ReadTransaction, ids: readonly string[]): Promise<void> {
    const { loaded } = this.#counters
    if (loaded.size > 2 * this.#mostIds) loaded.clear()
    const missing = ids.filter((id) => loaded.get(id)?.layout !== this.layout && loaded.get(id) !== null)
    await Promise.all(missing.map(async (id) => this.#load(tx, id)))
  }

  /** Null for one that was never seen. It must be loaded. */
  counter(id: string): Counter | null {
    return this.#counters.loaded.get(id) ?? null
  }

  held(id: string): readonly HeldSlot[] {
    return this.#counters.held.filter((slot) => slot.id === id && slot.expiresAt > this.now)
  }

  /** Where what happened at a time belongs; null when that is too long ago. What lies ahead happens now. */
  momentOf(time: number): Moment | null {
    if (time >= this.#moment.start) return this.#moment
    return time < this.#oldest ? null : this.layout.at(time)
  }

  /** `first` and `last` lie in the moment. */
  count(id: string, at: Moment | null, count: number, first: number, last: number): void {
    const counter = this.#toChange(id)
    if (counter === null) return
    if (at === null || !counter.own.add(at, this.#moment, count, first, last)) this.uncounted.late += count
  }

  // Throws 'limit-exceeded', with nothing changed.
  take(step: LimitStep, producer: string): void {
    if (step.do === 'commit') return this.#release(step.reservation)
    if (step.do === 'reserve' && this.#counters.held.some((slot) => slot.reservation === step.reservation)) return
    checkLimits(step.plan, this)
    if (step.do === 'record') return
    const { reservation, ttlMs, plan } = step
    const slot: HeldSlot = { reservation, producer, id: plan.id, heldAt: this.now, expiresAt: this.now + ttlMs }
    this.#setHeld([...this.#counters.held.filter(({ expiresAt }) => expiresAt > this.now), slot])
  }

  letGo(isGone: (slot: HeldSlot) => boolean): void {
    const held = this.#counters.held.filter((slot) => !isGone(slot))
    if (held.length < this.#counters.held.length) this.#setHeld(held)
  }

  /** Puts a counter in the place of another, or takes it away. It must be loaded. */
  replace(id: string, counter: Counter | null): void {
    const before = this.counter(id)
    if (counter !== null && before === null && !this.#mayBeNew(id)) return
    this.#head = { ...this.#head, ids: this.#head.ids! + Number(counter !== null) - Number(before !== null) }
    this.#counters.loaded.set(id, counter)
    this.#changed.add(id)
    this.#changedParts.add(id)
  }

  /** Adds what was counted elsewhere in the same layout. */
  add(id: string, buckets: Buckets): void {
    const counter = this.#toChange(id)
    if (counter?.layout === buckets.layout) counter.own.addAll(buckets)
    else counter?.own.addAll(placeBuckets(dateBuckets(buckets), counter.layout))
  }

  /** Lets go of what fell out of its buckets; of all of it when nothing was ever in them. */
  compact(id: string): void {
    const counter = this.counter(id)
    if (counter === null) return
    if (counter.total === 0) return this.replace(id, null)
    counter.own.advance(this.#moment)
    this.#rewritten.add(id)
  }

  /** All counters are gone. */
  forgetAll(): void {
    this.#head = { ...this.#head, ids: 0, changed: this.#memory.head.revision + 1, recounts: [] }
  }

  markClean(): void {
    this.#head = { ...this.#head, clean: this.#memory.head.revision + 1 }
  }

  recounted(): void {
    this.#head = { ...this.#head, recounts: this.#head.recounts.slice(1) }
  }

  /** Writes what changed but the head, which tells of it. */
  put(tx: WriteTransaction): void {
    const { epoch, revision, nextSequence } = this.#memory.head
    const { damaged } = this.uncounted
    if (damaged.length > 0) {
      this.#head = { ...this.#head, recounts: [...this.#head.recounts, { below: nextSequence, ids: damaged }] }
      for (const id of damaged) this.#changed.add(id)
    }
    for (const id of this.#changed) {
      const counter = this.counter(id)
      if (counter) counter.stamp = [epoch, revision + 1]
    }
    for (const id of new Set([...this.#changed, ...this.#rewritten])) {
      const counter = this.counter(id)
      if (counter) tx.put('counters', ownKey(id), storedCounter(counter))
      else tx.delete('counters', only(ownKey(id)))
    }
    for (const id of this.#changedParts) {
      const counter = this.counter(id)
      if (counter && counter.merged.length > 0) tx.put('counters', mergedKey(id), storedParts(counter))
      else tx.delete('counters', only(mergedKey(id)))
    }
    if (this.#heldChanged) tx.put('counters', HELD, this.#counters.held)
    if (this.#changed.size > 0) this.#head = { ...this.#head, changed: revision + 1 }
    this.#memory.head = { ...this.#memory.head, counters: this.#head }
  }

  get #counters(): CounterMemory {
    return this.#memory.counters
  }

  async #load(tx: ReadTransaction, id: string): Promise<void> {
    const { loaded } = this.#counters
    const known = loaded.get(id)
    if (known) return void loaded.set(id, convertCounter(known, this.layout))
    const own = await tx.get('counters', ownKey(id))
    if (own === undefined) return void loaded.set(id, null)
    const isMerged = typeof own !== 'object' || own === null || !('isMerged' in own) || own.isMerged
    const merged = isMerged ? await tx.get('counters', mergedKey(id)) : undefined
    let counter = openCounter(own, merged, this.layout)
    if (counter === null) {
      this.uncounted.damaged.push(id)
      counter = openCounter({ ...storedCounter(new Counter(this.layout)) }, merged, this.layout)!
    }
    loaded.set(id, counter)
  }

  #toChange(id: string): Counter | null {
    let counter = this.counter(id)
    if (counter === null) {
      if (!this.#mayBeNew(id)) return null
      counter = new Counter(this.layout, new Buckets(this.layout))
      this.#counters.loaded.set(id, counter)
      this.#head = { ...this.#head, ids: this.#head.ids! + 1 }
    }
    this.#changed.add(id)
    return counter
  }

  #mayBeNew(id: string): boolean {
    if (this.#head.ids! < this.#mostIds) return true
    const times = (this.uncounted.refused?.times ?? 0) + 1
    this.uncounted.refused = { times, id, most: this.#mostIds }
    return false
  }

  #release(reservation: string): void {
    const slot = this.#counters.held.find((own) => own.reservation === reservation)
    if (!slot || slot.expiresAt <= this.now) {
      throw storeError(
        'not-found',
        'The reserved slot was let go before it was committed (its TTL ran out): reserve again.',
      )
    }
    this.letGo((own) => own === slot)
  }

  #setHeld(held: readonly HeldSlot[]): void {
    this.#counters.held = held
    this.#heldChanged = true
  }
}

function only(key: string): KeyRange {
  return { from: key, to: `${key}\0` }
}
