import type { CounterQuery } from '../core/counters.js'
import type { EventOf } from '../core/event.js'
import { invalidArgument } from '../core/fault.js'
import type { Projection } from '../core/projection.js'
import { CounterPoll, LOADING_COUNTER, type CounterView } from './counter-source.js'
import type { Opened } from './opened.js'
import { LOADING_PROJECTION, watchProjection, type ProjectionView } from './projection-source.js'
import { listenTo, Source, viewOf } from './source.js'
import { LOADING_TOPIC, watchTopic, type TopicView } from './topic-source.js'

/** An open store, an exported file, the promise of one, or nothing yet: on a server, say. */
export type StoreOrNone = Opened | null | undefined

export interface TopicViewOptions {
  /** How many of the newest events are held. Default 1000. */
  last?: number
  /** Default all. */
  types?: readonly string[]
}

export interface Hooks {
  /**
   * The newest events of a topic, oldest first, whichever tab they come from.
   *
   * ```ts
   * const { status, events, fault } = useTopic<CartEvents>(store, 'cart', { last: 20 })
   * ```
   */
  useTopic<E extends { [K in keyof E]: unknown } = Record<string, unknown>>(
    store: StoreOrNone,
    name: string,
    options?: TopicViewOptions,
  ): TopicView<EventOf<E>>
  /**
   * A projection's state, kept current; or, with `at`, as it was after the event with that sequence. All components
   * share one state for each name and version: leave it as it is.
   *
   * ```ts
   * const { status, state, sequence, fault } = useProjection(store, cart)
   * ```
   */
  useProjection<S>(
    store: StoreOrNone,
    projection: Projection<S>,
    options?: { at?: number | undefined },
  ): ProjectionView<S>
  /**
   * What a counter counted altogether, or what the question says; asked again every second, or every `everyMs`, and
   * when the question is another function.
   *
   * ```ts
   * const { value } = useCounter(store, 'cart/paid', (counter) => counter.lastDays(7).sum())
   * ```
   */
  useCounter(store: StoreOrNone, id: string): CounterView<number | null>
  useCounter<T>(
    store: StoreOrNone,
    id: string,
    question: (counter: CounterQuery) => Promise<T>,
    options?: { everyMs?: number },
  ): CounterView<T>
}

/** What is needed of a framework. */
export interface Framework {
  useCallback<F extends (onChange: () => void) => () => void>(callback: F, inputs: readonly unknown[]): F
  useEffect(effect: () => void): void
  useMemo<T>(make: () => T, inputs: readonly unknown[]): T
  useSyncExternalStore<T>(subscribe: (onChange: () => void) => () => void, read: () => T, readOnServer: () => T): T
}

const LAST = 1_000
const EVERY_MS = 1_000
const stayAway = (): void => {}
const everCounted = (counter: CounterQuery): Promise<number | null> => counter.ever().sum()

export function createHooks({ useCallback, useEffect, useMemo, useSyncExternalStore }: Framework): Hooks {
  // Rendering changes nothing: what nobody looks at is not even begun.
  function useShared<V>(store: StoreOrNone, key: string, first: V, start: Starter<V>): V {
    const listen = useCallback(
      (onChange) => (store ? listenTo(store, key, first, (show) => start(store, show), onChange) : stayAway),
      [store, key],
    )
    const read = (): V => (store && viewOf<V>(store, key)) || first
    return useSyncExternalStore(listen, read, () => first)
  }

  return {
    useTopic<E>(store: StoreOrNone, name: string, { last = LAST, types }: TopicViewOptions = {}) {
      if (!(last >= 1)) throw invalidArgument('last', 'a whole number of at least 1', last)
      const start: Starter<TopicView> = (opened, show) => watchTopic(opened, name, last, types, show)
      const view = useShared(store, JSON.stringify(['topic', name, last, types]), LOADING_TOPIC, start)
      // Which types there are is known to the caller only, as with store.topic().
      return view as TopicView<EventOf<E>>
    },
    useProjection<S>(store: StoreOrNone, projection: Projection<S>, { at }: { at?: number | undefined } = {}) {
      const { name, version, topics } = projection
      const start: Starter<ProjectionView<S>> = (opened, show) => watchProjection(opened, projection, at, show)
      const key = JSON.stringify(['projection', name, version, topics, at])
      return useShared<ProjectionView<S>>(store, key, LOADING_PROJECTION, start)
    },
    useCounter<T>(
      store: StoreOrNone,
      id: string,
      // Without a question T is what everCounted answers: so Hooks declares it.
      question = everCounted as unknown as (counter: CounterQuery) => Promise<T>,
      { everyMs = EVERY_MS }: { everyMs?: number } = {},
    ) {
      const poll = useMemo(() => store && new CounterPoll(store, id, everyMs, question), [store, id, everyMs])
      const source = useMemo(
        () => poll && new Source<CounterView<T>>(LOADING_COUNTER, (show) => poll.start(show), stayAway),
        [poll],
      )
      const listen = useCallback((onChange) => source?.listen(onChange) ?? stayAway, [source])
      const view = useSyncExternalStore<CounterView<T>>(
        listen,
        () => source?.view ?? LOADING_COUNTER,
        () => LOADING_COUNTER,
      )
      useEffect(() => poll?.change(question))
      return view
    },
  }
}

type Starter<V> = (store: Opened, show: (view: V) => void) => () => void
