import type { Clock } from '../core/clock.js'
import { systemClock } from '../core/clock.js'
import type { EventDraft, StoredEvent } from '../core/event.js'
import { aborted, storeError, type Fault } from '../core/fault.js'
import type { StoreOptions } from '../core/options.js'
import type { Row } from '../codec/column-builder.js'
import type { Subscription } from '../core/store.js'
import { createCounters } from './counters.js'
import type { Projection } from '../core/projection.js'
import type { Counters } from '../core/counters.js'
import { defineProjection } from '../fold/projection.js'
import { assertTopicName } from './check.js'
import { assertDraft } from './check-query.js'
import type { AskPage } from './reading.js'
import type { SharedStore } from './shared-store.js'
import { follow, type Follow } from './subscription.js'

const MOST_PROJECTIONS = 100

/** What one openStore() call holds: its own options over what the tab shares. */
export class Handle {
  readonly shared: SharedStore
  readonly options: StoreOptions
  readonly counters: Counters
  readonly #clock: Clock
  /** Of the open snapshots: looks at their counts anew. */
  readonly snapshots = new Set<() => Promise<unknown>>()
  /** What must be closed before the handle is. */
  readonly closers = new Set<() => void>()
  /** By name, what was folded here: the panel in DevTools offers it. */
  readonly projections = new Map<string, Projection<unknown>>()
  readonly #subscriptions = new Set<Subscription>()
  #closed = false

  constructor(shared: SharedStore, options: StoreOptions) {
    this.shared = shared
    this.options = options
    const inline = shared.connection.route.link.host === 'inline'
    this.counters = createCounters(this)
    this.#clock = inline && options.clock ? options.clock : systemClock
  }

  get name(): string {
    return this.shared.name
  }

  get isClosed(): boolean {
    return this.#closed
  }

  get durability(): 'relaxed' | 'strict' {
    return this.options.durability ?? 'relaxed'
  }

  get journaled(): boolean {
    return this.options.journal ?? true
  }

  now(): number {
    return this.#clock.now()
  }

  assertOpen(): void {
    if (this.#closed) {
      throw storeError('closed', `This handle of store '${this.name}' is closed: open it again with openStore().`)
    }
  }

  /** What a recorded event weighs that was kept of its sample; null when it was not. */
  sampleWeight(topic: string, type: string): number | null {
    const { sampling, topics } = this.options
    if (sampling === undefined && topics === undefined) return 1
    const own = topics && Object.hasOwn(topics, topic) ? topics[topic]!.sampling : undefined
    const share = shareOf(own, type) ?? shareOf(sampling, type) ?? 1
    if (share === 1 || Math.random() < share) return 1 / share
    this.shared.outbox.count('sampled')
    return null
  }

  /** A checked row, or null when `beforeRecord` held the event back. Events that came at once share their time. */
  rowOf(topic: string, draft: EventDraft, sampleWeight = 1, now?: number): Row | null {
    assertDraft(draft)
    const { beforeRecord } = this.options
    if (!beforeRecord) return this.#row(topic, draft, sampleWeight, now)
    const passed = beforeRecord({ ...draft, topic })
    if (passed === null) {
      this.shared.outbox.count('withheld')
      return null
    }
    assertTopicName(passed.topic)
    assertDraft(passed)
    return this.#row(passed.topic, passed, sampleWeight, now)
  }

  #row(topic: string, draft: EventDraft, sampleWeight: number, now: number | undefined): Row {
    const { type, data, time, weight, id, meta } = draft
    return { topic, type, data, time: time ?? now ?? this.#clock.now(), weight: (weight ?? 1) * sampleWeight, id, meta }
  }

  /** What a read asks: this tab's own events are on their way before it. */
  readonly ask: AskPage = async (request) => {
    this.assertOpen()
    this.shared.outbox.seal()
    return this.shared.connection.call('read', request)
  }

  follow(what: Follow, handler: (events: StoredEvent[]) => void, signal?: AbortSignal): Subscription {
    this.assertOpen()
    return this.keep(follow(what, this.ask, handler, (fault) => this.report(fault), signal))
  }

  /** It is closed with the handle at the latest. */
  keep(subscription: Subscription): Subscription {
    this.#subscriptions.add(subscription)
    const forget = (): boolean => this.#subscriptions.delete(subscription)
    subscription.closed.then(forget, forget)
    return subscription
  }

  note(projection: Projection<unknown>): void {
    const { name } = defineProjection(projection)
    if (this.projections.size < MOST_PROJECTIONS || this.projections.has(name)) this.projections.set(name, projection)
  }

  report(fault: Fault): void {
    this.shared.report(fault)
  }

  // Rejects when some of what this tab recorded before could not be committed.
  async flush(): Promise<void> {
    this.assertOpen()
    this.shared.outbox.seal()
    await this.shared.connection.call('flush')
  }

  close(): boolean {
    if (this.#closed) return false
    for (const closer of this.closers) closer()
    this.#closed = true
    for (const subscription of this.#subscriptions) subscription.close()
    return true
  }
}

function shareOf(sampling: Record<string, number> | undefined, type: string): number | undefined {
  return sampling && Object.hasOwn(sampling, type) ? sampling[type] : undefined
}

/** Settles with the work, or rejects as soon as the signal is aborted. */
export async function withSignal<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (!signal) return work
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(aborted(signal))
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
