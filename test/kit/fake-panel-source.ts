import { lastEvents } from '../../src/fold/last-events.js'
import type { TrackedInterval } from '../../src/core/counters.js'
import type { StoredEvent, TopicInfo } from '../../src/core/event.js'
import type { Health, Metrics } from '../../src/core/health.js'
import type { Projection } from '../../src/core/projection.js'
import { isSame } from '../../src/fold/diff.js'
import { partAt } from '../../src/fold/parts.js'
import type { LimitState } from '../../src/fold/counter/limit.js'
import { compileFilter, type CompiledFilter } from '../../src/fold/event-filter.js'
import {
  PANEL_SOURCE_VERSION,
  type PanelExport,
  type PanelLanes,
  type PanelMemory,
  type PanelState,
  type PathChange,
  type PanelOverview,
  type PanelSearch,
  type PanelSource,
  type SearchProgress,
} from '../../src/protocol/panel-source.js'
import type { EventFilter } from '../../src/protocol/event-filter.js'

export interface FakeOptions {
  store?: string
  /** Synthetic events there are at the start. */
  events?: number
  producer?: string | null
  readOnly?: boolean
  startAt?: number
  projections?: Projection<unknown>[]
  memory?: PanelMemory | null
  limits?: LimitState[]
  health?: Partial<Health>
  /** An import ends after it. */
  importing?: Promise<void>
  /** Every answer of rows() waits this long. */
  rowsDelayMs?: number
}

export interface FakePanelSource extends PanelSource {
  readonly openSearches: number
  readonly cleared: number
  /** What was asked to be exported. */
  readonly exported: PanelExport[]
  /** Records synthetic events. */
  grow(count: number): void
  /** Records one event of the caller's making. */
  record(event: Partial<StoredEvent>): void
  /** The searches end as if the other side had died. */
  die(): void
}

const TOPICS = ['cart', 'payments', 'ui', 'session', 'inventory']
const TYPES: Record<string, string[]> = {
  cart: ['added', 'removed', 'paid', 'shipped'],
  payments: ['authorised', 'captured', 'refused'],
  ui: ['tick', 'click', 'route-changed'],
  session: ['started', 'heartbeat'],
  inventory: ['reserved', 'released'],
}
const TABS = ['0a51c7e9d2f64b10', '7be2f00d41c98a35', 'c4e81d3390ab57f2']
const fakeHealth: Health = {
  state: 'ok',
  host: 'shared-worker',
  reason: null,
  durability: 'relaxed',
  writer: 'w1',
  tabs: 3,
  storage: { usage: 14_200_000, quota: 2_000_000_000, persisted: false },
  fault: null,
}
const fakeMetrics: Metrics = {
  writes: 12_345,
  reads: 400,
  batches: 77,
  errors: 0,
  repairs: 0,
  dropped: 0,
  withheld: 0,
  sampled: 0,
  lateDropped: 0,
  evicted: 0,
  duplicates: 0,
  lastWriteMs: 2.3,
  lastReadMs: 0.4,
  flushMs: { p50: 1.2, p95: 4.8, p99: 17 },
  readMs: { p50: 0.9, p95: 3.1, p99: 12 },
  queued: 0,
  queuedBytes: 0,
  segments: 9,
  bytes: 1_185_120,
  events: 12_345,
}
const SCAN_STEP = 50_000

/** A panel source in memory, its events made from their number when asked for: a million cost next to nothing. */
export function fakePanelSource(options: FakeOptions = {}): FakePanelSource {
  const store = options.store ?? 'shop'
  const startAt = options.startAt ?? new Date(2026, 10, 20, 10, 0).getTime()
  let first = 0
  let times: number[] = []
  let own = new Map<number, Partial<StoredEvent>>()
  let cleared = 0
  let generation = 1
  let lastTime = startAt
  const exported: PanelExport[] = []
  const searches = new Set<{ check(): void; close(): void }>()

  function add(count: number): void {
    for (let index = 0; index < count; index++) {
      const sequence = first + times.length
      // Quiet stretches and bursts, so that the timeline has something to show.
      const wave = 1 + Math.sin(sequence / 4000) + 0.6 * Math.sin(sequence / 611)
      lastTime += 0.05 + wave * wave * 3 + (noise(sequence) % 97 === 0 ? 120 : 0)
      times.push(lastTime)
    }
  }

  function eventAt(sequence: number): StoredEvent {
    const topic = TOPICS[noise(sequence) % 11 < 5 ? 2 : noise(sequence) % TOPICS.length] ?? 'ui'
    const types = TYPES[topic] ?? ['tick']
    const type = types[noise(sequence + 1) % types.length] ?? 'tick'
    return {
      topic,
      position: sequence,
      sequence,
      type,
      data: dataOf(sequence, topic, type),
      time: times[sequence - first] ?? 0,
      weight: 1,
      producer: TABS[noise(sequence) % TABS.length] ?? '',
      producerSeq: sequence,
      ...own.get(sequence),
    }
  }

  function changed(): void {
    for (const search of searches) search.check()
  }

  function openSearch(filter: EventFilter): PanelSearch {
    const compiled = compileFilter(filter)
    let matches: number[] = []
    let scanned = 0
    let revision = 0
    let seenGeneration = generation
    let closed = false
    let waiting: { after: number; resolve: (progress: SearchProgress | null) => void } | null = null

    function scan(): void {
      if (closed) return
      const end = Math.min(times.length, scanned + SCAN_STEP)
      for (; scanned < end; scanned++) {
        if (matchesFilter(compiled, eventAt, first + scanned)) matches.push(first + scanned)
      }
      revision++
      answer()
      if (scanned < times.length) setTimeout(scan)
    }

    function answer(): void {
      if (waiting === null || (!closed && revision <= waiting.after)) return
      waiting.resolve(closed ? null : progress())
      waiting = null
    }

    function progress(): SearchProgress {
      const timeOf = (sequence: number | undefined): number | null =>
        sequence === undefined ? null : (times[sequence - first] ?? null)
      return {
        revision,
        generation: seenGeneration,
        matches: matches.length,
        scanned,
        total: times.length,
        done: scanned === times.length,
        head: first + times.length - 1,
        since: timeOf(matches[0]),
        until: timeOf(matches.at(-1)),
      }
    }

    const control = {
      check(): void {
        if (seenGeneration !== generation) {
          seenGeneration = generation
          matches = []
          scanned = 0
        }
        scan()
      },
      close(): void {
        closed = true
        searches.delete(control)
        answer()
      },
    }
    searches.add(control)
    setTimeout(scan)
    return {
      progress(after) {
        return new Promise((resolve, reject) => {
          if (waiting !== null) return reject(new Error('two questions at once'))
          waiting = { after, resolve }
          // As the port promises: at most ten answers a second.
          if (after >= 0 && revision > after) setTimeout(answer, 30)
          else answer()
        })
      },
      async rows(from, count) {
        if (options.rowsDelayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, options.rowsDelayMs))
        return matches.slice(from, from + count).map(eventAt)
      },
      async rankOf(sequence) {
        return lowerBound(matches, (match) => match >= sequence)
      },
      async histogram(since, until, buckets) {
        const counts = new Uint32Array(buckets)
        let at = lowerBound(matches, (match) => (times[match - first] ?? 0) >= since)
        for (; at < matches.length; at++) {
          const time = times[(matches[at] ?? 0) - first] ?? 0
          if (time >= until) break
          const bucket = Math.min(buckets - 1, Math.floor(((time - since) / (until - since)) * buckets))
          counts[bucket] = (counts[bucket] ?? 0) + 1
        }
        return counts
      },
      close: control.close,
    }
  }

  function fold(projection: string, at: number): PanelState {
    const found = [lastEvents, ...(options.projections ?? [])].find(({ name }) => name === projection)
    if (found === undefined) throw new Error(`no projection '${projection}'`)
    let [state, sequence] = [found.initial() as unknown, -1]
    for (let own = first; own <= at && own < first + times.length; own++) {
      state = (found as Projection<unknown>).reduce(state, eventAt(own))
      sequence = own
    }
    return { state, sequence }
  }

  add(options.events ?? 0)
  return {
    version: PANEL_SOURCE_VERSION,
    store,
    producer: options.producer === undefined ? (TABS[0] ?? null) : options.producer,
    readOnly: options.readOnly ?? false,
    projections: [...(options.projections ?? []), lastEvents].map(({ name }) => name),
    get openSearches() {
      return searches.size
    },
    exported,
    get cleared() {
      return cleared
    },
    async overview(): Promise<PanelOverview> {
      const topic = (name: string): TopicInfo => {
        const count = Math.floor(times.length / TOPICS.length)
        return { name, first: 0, next: count, count, bytes: count * 96, firstTime: startAt, lastTime }
      }
      const topics = times.length === 0 ? [] : TOPICS.map(topic)
      return {
        events: times.length,
        bytes: times.length * 96,
        head: first + times.length - 1,
        topics,
        types: Object.values(TYPES).flat(),
      }
    },
    async search(filter) {
      return openSearch(filter)
    },
    async lanes({ by, topics, types, since, until, buckets }): Promise<PanelLanes> {
      const everyMs = (until - since) / buckets
      const lanes = new Map<string, Uint32Array<ArrayBuffer>>()
      for (let at = lowerBound(times, (time) => time >= since); at < times.length; at++) {
        const event = eventAt(first + at)
        if (event.time >= until) break
        if (topics?.includes(event.topic) === false || types?.includes(event.type) === false) continue
        const key = by === 'topic' ? event.topic : event.type
        const counts = lanes.get(key) ?? new Uint32Array(buckets)
        lanes.set(key, counts)
        const bucket = Math.min(buckets - 1, Math.floor((event.time - since) / everyMs))
        counts[bucket] = (counts[bucket] ?? 0) + 1
      }
      const found = Array.from(lanes, ([key, counts]) => ({
        key,
        counts,
        total: counts.reduce((sum, n) => sum + n, 0),
      }))
      return { since, until, everyMs, lanes: found.sort((a, b) => (a.key < b.key ? -1 : 1)), counting: null }
    },
    async neighbour(topic, position, step) {
      for (let at = position + step; at >= first && at < first + times.length; at += step) {
        if (eventAt(at).topic === topic) return eventAt(at)
      }
      return null
    },
    async eventAt(sequence) {
      return sequence < first || times.length === 0 ? null : eventAt(Math.min(sequence, first + times.length - 1))
    },
    async counters({ unit, containing }) {
      const ids = Object.entries(TYPES).flatMap(([topic, types]) => types.map((type) => `${topic}/${type}`))
      const counters = ids
        .filter((id) => id.includes(containing))
        .map((id, at) => {
          const buckets = Array.from({ length: 60 }, (_, age) => noise(at * 60 + age) % 40)
          return { id, buckets, ever: 5000 + at }
        })
      const tracked: TrackedInterval[] = [
        { unit: 'minute', buckets: 60 },
        { unit: 'hour', buckets: 60 },
      ]
      return { tracked, unit: unit ?? 'minute', total: counters.length, counters, limits: options.limits ?? [] }
    },
    async memory() {
      return options.memory ?? null
    },
    async state(projection, at) {
      const { state, sequence } = fold(projection, at ?? Infinity)
      return { state, sequence }
    },
    async changes(projection, path, before, limit) {
      const found: PathChange[] = []
      const end = Math.min(before ?? Infinity, first + times.length) - 1
      for (let at = end; at >= first && found.length < limit; at--) {
        const [then, now] = [partAt(fold(projection, at - 1).state, path), partAt(fold(projection, at).state, path)]
        if (isSame(then?.value, now?.value)) continue
        found.push({ event: eventAt(at), change: { path, kind: 'changed', before: then?.value, after: now?.value } })
      }
      return found
    },
    async health() {
      return {
        health: { ...fakeHealth, ...options.health },
        metrics: { ...fakeMetrics, events: times.length },
        faults: [],
      }
    },
    async compact() {
      return { segmentsBefore: 9, segmentsAfter: 2, bytesBefore: 9000, bytesAfter: 4000, evicted: 0 }
    },
    async import(_file, follow) {
      follow?.onProgress({ done: 4, total: 10, bytes: 400 })
      await options.importing
      add(10)
      changed()
      return { topics: 1, events: 10, skipped: 0 }
    },
    async export(what) {
      if (what !== undefined) exported.push(what)
      return new Blob([JSON.stringify({ store, events: times.length })], { type: 'application/json' })
    },
    async clear() {
      first += times.length
      times = []
      own = new Map()
      cleared++
      generation++
      changed()
    },
    close() {
      for (const search of searches) search.close()
    },
    grow(count) {
      add(count)
      changed()
    },
    record(event) {
      const sequence = first + times.length
      own.set(sequence, event)
      add(1)
      if (event.time !== undefined) times[times.length - 1] = event.time
      changed()
    },
    die() {
      for (const search of searches) search.close()
    },
  }
}

function matchesFilter(filter: CompiledFilter, eventAt: (sequence: number) => StoredEvent, sequence: number): boolean {
  const event = eventAt(sequence)
  const { topic, type, id, data, time } = event
  if (time < filter.since || time >= filter.until) return false
  if (!filter.topic(topic) || !filter.type(type) || !filter.producer(event.producer)) return false
  if (filter.needsText && !filter.text({ topic, type, id, data: JSON.stringify(data, plain) ?? '' })) return false
  return !filter.needsData || filter.data(data)
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value
}

function lowerBound(items: number[], reached: (item: number) => boolean): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (reached(items[middle] ?? 0)) high = middle
    else low = middle + 1
  }
  return low
}

/** The same for the same number, and looking like chance. */
function noise(seed: number): number {
  let value = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}

function dataOf(sequence: number, topic: string, type: string): unknown {
  const amount = (noise(sequence + 7) % 20_000) / 100
  if (topic === 'cart') {
    return {
      id: `order-${noise(sequence) % 90_000}`,
      amount,
      user: { id: `u${noise(sequence) % 400}`, member: amount > 50 },
    }
  }
  if (topic === 'payments')
    return { order: sequence % 90_000, amount, currency: 'EUR', attempt: 1 + (noise(sequence) % 3) }
  if (topic === 'inventory') return { sku: `SKU-${noise(sequence) % 5000}`, quantity: 1 + (noise(sequence) % 9) }
  if (type === 'route-changed') return { from: '/', to: `/products/${noise(sequence) % 800}` }
  if (type === 'tick') return sequence % 60
  return undefined
}
