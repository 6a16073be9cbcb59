import { expect } from 'vitest'
import type { Receipt, StoredEvent, TopicInfo } from '../../src/index.js'

/** One event that a tab gave to the store. Labels count up in the order of the calls. */
export interface Given {
  label: number
  tab: number
  topic: string
  id: string | null
  /** Labels of the batch it was appended with; null when it was recorded. */
  batch: readonly number[] | null
  calledAt: number
  /** When its tab was told that it is committed. */
  acknowledgedAt: number
  /** Rejected: it must not be stored. */
  refused: boolean
  /** Nobody can say: it was cut off by a close, or depends on a position and is not answered yet. */
  unsure: boolean
}

interface Clear {
  tab: number
  topic: string | null
  calledAt: number
  /** Infinity while it is under way, or when it was cut off. */
  doneAt: number
}

/** When a read was called, by whom, and when it answered. */
export interface Reading {
  tab: number
  topic: string | null
  calledAt: number
}

interface Place {
  topic: string
  position: number
  sequence: number
  producer: string
  producerSeq: number
}

/**
 * What tabs did to one store, by a clock that counts calls and answers, and what must hold of every read.
 * Where tabs race, more than one outcome is right; the model rules out only what is wrong in all of them.
 */
export class LogModel {
  readonly given: Given[] = []
  readonly #clears: Clear[] = []
  readonly #places = new Map<number, Place>()
  readonly #labels = new Map<string, number>()
  #now = 0

  tick(): number {
    return ++this.#now
  }

  /** Call it right before the events are given to the store. */
  give(tab: number, topic: string, ids: readonly (string | null)[], how: 'record' | 'append' | 'expect'): Given[] {
    const calledAt = this.tick()
    const first = this.given.length
    const batch = how === 'record' ? null : ids.map((_id, at) => first + at)
    const events = ids.map((id, at) => ({
      label: first + at,
      tab,
      topic,
      id,
      batch,
      calledAt,
      acknowledgedAt: Infinity,
      refused: false,
      unsure: how === 'expect',
    }))
    this.given.push(...events)
    return events
  }

  /** The tab's events up to now; call what comes back once the store said that they are committed. */
  own(tab: number): () => void {
    const own = this.given.filter((event) => event.tab === tab)
    return () => {
      const now = this.tick()
      for (const event of own) event.acknowledgedAt = Math.min(event.acknowledgedAt, now)
    }
  }

  /** Call what comes back once it is done. */
  clear(tab: number, topic: string | null): () => void {
    const clear: Clear = { tab, topic, calledAt: this.tick(), doneAt: Infinity }
    this.#clears.push(clear)
    return () => {
      clear.doneAt = this.tick()
    }
  }

  appended(batch: readonly Given[], receipt: Receipt): void {
    const now = this.tick()
    for (const event of batch) {
      event.acknowledgedAt = Math.min(event.acknowledgedAt, now)
      event.unsure = false
    }
    const { topic, count, first, last, firstSequence, lastSequence } = receipt
    if (batch.length === 0 || batch.some(({ id }) => id !== null)) return
    expectEqual({ topic, count }, { topic: batch[0]!.topic, count: batch.length }, 'a receipt covers its batch')
    expectEqual(last - first + 1, count, 'a batch lies in one piece')
    expectOrder(firstSequence + count - 1, '<=', lastSequence, 'sequences rise in a batch')
    for (const [at, { label }] of batch.entries()) this.#claim(`${topic} ${first + at}`, label)
    this.#claim(`sequence ${firstSequence}`, batch[0]!.label)
    this.#claim(`sequence ${lastSequence}`, batch.at(-1)!.label)
  }

  read({ tab, topic, calledAt }: Reading, events: readonly StoredEvent[]): void {
    const seen = new Set<number>()
    const ids = new Set<string>()
    const nextOf = new Map<string, number>()
    let sequence = -1
    for (const event of events) {
      const given = this.#recognize(event)
      expectOrder(sequence, '<', event.sequence, 'sequences rise')
      expectEqual(seen.has(given.label), false, `event ${given.label} is there twice`)
      expectEqual(event.position, nextOf.get(event.topic) ?? event.position, `positions in ${event.topic} have no gap`)
      expectEqual(event.topic, topic ?? event.topic, 'a topic reads its own events')
      expectEqual(this.#isGone(given, calledAt), false, `event ${given.label} was cleared before the read`)
      if (event.id !== undefined) {
        expectEqual(ids.has(`${event.topic} ${event.id}`), false, `id ${event.id} is there twice`)
        ids.add(`${event.topic} ${event.id}`)
      }
      seen.add(given.label)
      nextOf.set(event.topic, event.position + 1)
      sequence = event.sequence
    }
    for (const given of this.given) {
      if (topic !== null && given.topic !== topic) continue
      if (!this.#mustBeIn(given, tab, calledAt)) continue
      const found = seen.has(given.label) || (given.id !== null && ids.has(`${given.topic} ${given.id}`))
      expectEqual(found, true, `event ${given.label} was committed and is missing`)
    }
    this.#expectWholeBatches(seen)
    this.#expectOrderPerTab(seen)
  }

  /** After everything settled: each topic's positions were all given to someone, and none twice. */
  settled(topics: readonly TopicInfo[]): void {
    for (const { name, next } of topics) {
      const given = this.given.filter((event) => event.topic === name && !event.refused)
      const certain = given.filter(({ id, unsure }) => id === null && !unsure)
      expectOrder(next, '<=', given.length, `no position in ${name} went to nobody`)
      expectOrder(certain.length, '<=', next, `every event in ${name} had a position`)
    }
  }

  #recognize(event: StoredEvent): Given {
    const { topic, position, sequence, producer, producerSeq } = event
    const { label } = event.data as { label: number }
    const given = this.given[label]!
    const found = { topic, id: event.id ?? null, refused: given.refused }
    expectEqual(found, { topic: given.topic, id: given.id, refused: false }, `event ${label} is as it was given`)
    const place: Place = { topic, position, sequence, producer, producerSeq }
    expectEqual(place, this.#places.get(label) ?? place, `event ${label} stays where it is`)
    this.#places.set(label, place)
    this.#claim(`${topic} ${position}`, label)
    this.#claim(`sequence ${sequence}`, label)
    this.#claim(`producer ${producer} ${producerSeq}`, label)
    return given
  }

  // A place belongs to one event for ever.
  #claim(place: string, label: number): void {
    expectEqual(label, this.#labels.get(place) ?? label, `${place} was given twice`)
    this.#labels.set(place, label)
  }

  #covers({ topic }: Clear, given: Given): boolean {
    return topic === null || topic === given.topic
  }

  #removes(clear: Clear, given: Given): boolean {
    if (!this.#covers(clear, given)) return false
    return given.tab === clear.tab ? given.calledAt < clear.calledAt : given.acknowledgedAt < clear.calledAt
  }

  #mayRemove(clear: Clear, given: Given): boolean {
    if (!this.#covers(clear, given)) return false
    return given.calledAt < (given.tab === clear.tab ? clear.calledAt : clear.doneAt)
  }

  #isGone(given: Given, calledAt: number): boolean {
    return this.#clears.some((clear) => clear.doneAt < calledAt && this.#removes(clear, given))
  }

  // A read sees what its own tab gave before it, and what anyone knew to be committed.
  #mustBeIn(given: Given, tab: number, calledAt: number): boolean {
    if (given.refused || given.unsure) return false
    if (given.tab === tab ? given.calledAt > calledAt : given.acknowledgedAt > calledAt) return false
    return !this.#clears.some((clear) => this.#mayRemove(clear, given))
  }

  // But for those whose id was there before.
  #expectWholeBatches(seen: ReadonlySet<number>): void {
    for (const batch of new Set(this.given.flatMap((given) => (given.batch ? [given.batch] : [])))) {
      const stored = batch.filter((label) => seen.has(label))
      if (stored.length === 0) continue
      const [first, last] = [stored[0]!, stored.at(-1)!].map((label) => this.#places.get(label)!.position)
      expectEqual(last! - first! + 1, stored.length, `the batch of event ${stored[0]} lies in one piece`)
      const missing = batch.filter((label) => !seen.has(label) && this.given[label]!.id === null)
      expectEqual(missing, [], `the batch of event ${stored[0]} is whole`)
    }
  }

  #expectOrderPerTab(seen: ReadonlySet<number>): void {
    const lastOf = new Map<number, Place>()
    for (const label of [...seen].sort((a, b) => a - b)) {
      const { tab } = this.given[label]!
      const place = this.#places.get(label)!
      const before = lastOf.get(tab)
      if (before) {
        expectEqual(place.producer, before.producer, 'a tab is one producer')
        expectOrder(before.producerSeq, '<', place.producerSeq, `event ${label} comes after its tab's earlier ones`)
        expectOrder(before.sequence, '<', place.sequence, `event ${label} comes after its tab's earlier ones`)
      }
      lastOf.set(tab, place)
    }
  }
}

export function expectEqual(actual: unknown, expected: unknown, what?: string): void {
  expect(actual, what).toEqual(expected)
}

function expectOrder(low: number, order: '<' | '<=', high: number, what: string): void {
  if (order === '<') expect(high, what).toBeGreaterThan(low)
  else expect(high, what).toBeGreaterThanOrEqual(low)
}
