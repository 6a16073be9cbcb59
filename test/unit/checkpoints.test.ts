import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ColumnBuilder } from '../../src/codec/column-builder.js'
import { openSegment } from '../../src/codec/decode.js'
import type { CheckpointEntry } from '../../src/log/checkpoints.js'
import { crowdedOut } from '../../src/log/crowded-out.js'
import type { LogDatabase } from '../../src/log/database.js'
import { Log } from '../../src/log/log.js'
import { createMemoryDatabase } from '../../src/log/memory-database.js'
import type { LogMark, ProjectionId } from '../../src/protocol/checkpoint.js'
import { requestFor } from '../../src/protocol/writer-api.js'

const topics = ['a', 'b']
const projections: ProjectionId[] = [
  { name: 'p', version: 1, topics: null },
  { name: 'p', version: 2, topics: null },
  { name: 'p', version: 1, topics: ['a'] },
]

/** What a fold that collects sequences comes to. */
async function foldedIn(log: Log, { topics: own }: ProjectionId, before: number, snapshot: string | null) {
  const request = requestFor({ topics: own, sequences: [0, before], snapshot })
  const { slices } = await log.readPage(request)
  return slices.flatMap((slice) => {
    const { sequence } = openSegment(slice)
    return slice.rows ? Array.from(slice.rows, (row) => sequence[row]!) : [...sequence]
  })
}

let seq = 0

async function append(log: Log, topic: string, count: number): Promise<void> {
  const builder = new ColumnBuilder('p')
  for (let n = 0; n < count; n++) {
    builder.add({ topic, type: 'x', time: n, data: n, weight: 1, id: undefined, meta: undefined }, () => seq++)
  }
  await log.append([{ columns: builder.build(), session: 's', append: null }], 'relaxed')
}

const place = fc.nat(60)
const topic = fc.constantFrom(...topics)
const which = fc.nat(projections.length - 1)
const operation = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('append' as const), topic, count: fc.integer({ min: 1, max: 9 }) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('keep' as const), which, at: place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('erase' as const), topic, at: place, count: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const), topic }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('retain' as const), topic, count: fc.integer({ min: 1, max: 20 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'compact' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'snapshot' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'reopen' as const }) },
)

class Tried {
  #log: Log
  readonly #database: LogDatabase = createMemoryDatabase()
  readonly #snapshots: string[] = []
  /** Of earlier folds: whatever was removed since, they are of no use. */
  readonly #late: (() => Promise<void>)[] = []
  /** What was answered, and what is right. */
  readonly answers: { is: unknown; right: unknown }[] = []

  constructor() {
    this.#log = new Log(this.#database)
  }

  async run(own: typeof operation extends fc.Arbitrary<infer O> ? O : never): Promise<void> {
    const log = this.#log
    if (own.do === 'append') await append(log, own.topic, own.count)
    if (own.do === 'keep') await this.#keep(projections[own.which]!, own.at)
    if (own.do === 'erase')
      await log.erase(requestFor({ topics: [own.topic], sequences: [own.at, own.at + own.count] }))
    if (own.do === 'clear') await log.clear(own.topic)
    if (own.do === 'retain') {
      await log.retain({ store: null, topics: new Map([[own.topic, { maxEvents: own.count }]]) }, 0)
    }
    if (own.do === 'compact') await log.compactStep({ mergeFrom: 2, compressAfter: 0, stepBytes: Infinity })
    if (own.do === 'snapshot') {
      const id = `snapshot ${this.#snapshots.length}`
      await log.takeSnapshot({ id, producer: 'p', takenAt: 0, at: null, topics: null })
      this.#snapshots.push(id)
    }
    if (own.do === 'reopen') this.#log = new Log(this.#database)
    for (const keep of this.#late.splice(0)) await keep()
  }

  /** Whatever is found is what a fold of the events would come to. */
  async check(): Promise<void> {
    for (const projection of projections) {
      for (const snapshot of [null, ...this.#snapshots]) {
        for (const before of [5, 20, Infinity]) {
          const { checkpoint } = await this.#log.findCheckpoint({ projection, before, snapshot })
          if (checkpoint === null) continue
          const { end, sequence, state } = checkpoint
          const expected = await foldedIn(this.#log, projection, end, snapshot)
          const right = { end: Math.min(end, before), sequence: expected.at(-1) ?? -1, state: expected }
          this.answers.push({ is: { end, sequence, state }, right })
        }
      }
    }
  }

  async #keep(projection: ProjectionId, at: number): Promise<void> {
    const log = this.#log
    const { mark } = await log.findCheckpoint({ projection, before: at, snapshot: null })
    const state = await foldedIn(log, projection, at, null)
    const head = log.head!.nextSequence
    const end = Math.min(at, head)
    if (end === 0) return
    const keep = (own: LogMark): Promise<boolean> =>
      log.keepCheckpoint(projection, { end, sequence: state.at(-1) ?? -1, state }, own)
    this.answers.push(
      { is: await keep(mark!), right: true },
      { is: await keep({ ...mark!, removals: mark!.removals - 1 }), right: false },
      { is: await keep({ ...mark!, database: 'another' }), right: false },
    )
    this.#late.push(async () => {
      const { removals } = await this.#log.refresh()
      this.answers.push({ is: await keep(mark!), right: removals === mark!.removals })
    })
  }
}

describe('checkpoints in the log', () => {
  test('whatever becomes of the log, what is found holds for the events in it', { timeout: 60_000 }, async () => {
    const property = fc.asyncProperty(fc.array(operation, { maxLength: 30, size: 'max' }), async (operations) => {
      const tried = new Tried()
      for (const own of operations) {
        await tried.run(own)
        await tried.check()
      }
      expect(tried.answers.map(({ is }) => is)).toEqual(tried.answers.map(({ right }) => right))
    })
    await fc.assert(property, { numRuns: 150 })
  })

  test('a state that is too large is not kept, nor one of events that are not there', async () => {
    const log = new Log(createMemoryDatabase())
    await append(log, 'a', 3)
    const [projection] = projections
    const { mark } = await log.findCheckpoint({ projection: projection!, before: 3, snapshot: null })
    const huge = { end: 3, sequence: 2, state: new ArrayBuffer(20 * 1024 * 1024) }
    expect(await log.keepCheckpoint(projection!, huge, mark!)).toBe(false)
    expect(await log.keepCheckpoint(projection!, { end: 4, sequence: 2, state: 1 }, mark!)).toBe(false)
    expect(await log.keepCheckpoint(projection!, { end: 3, sequence: 2, state: undefined }, mark!)).toBe(true)
    const found = await log.findCheckpoint({ projection: projection!, before: 3, snapshot: null })
    expect(found.checkpoint).toEqual({ end: 3, sequence: 2, state: undefined })
  })

  test('they stand close at the head and ever wider apart towards the beginning, so many at most', () => {
    let kept: CheckpointEntry[] = []
    for (let end = 1000; end <= 2_000_000; end += 1000) {
      const added = { key: `${end}`, name: 'p', version: 1, topics: null, epoch: 1, end, sequence: end - 1, bytes: 10 }
      kept.push(added)
      const gone = crowdedOut(kept, kept)
      kept = kept.filter((entry) => !gone.has(entry))
    }
    expect(kept).toHaveLength(128)
    expect(kept.at(-1)!.end).toBe(2_000_000)
    const gaps = kept.map(({ end }, at) => ({ gap: end - (kept[at - 1]?.end ?? 0), back: 2_000_000 - end }))
    expect(gaps.filter(({ gap, back }) => gap > 20_000 + back / 3)).toEqual([])
  })

  test('large ones go before many small ones of projections in use, and what is not added to first', () => {
    const entry = (name: string, end: number, bytes: number): CheckpointEntry => ({
      key: `${name} ${end}`,
      name,
      version: 1,
      topics: null,
      epoch: 1,
      end,
      sequence: end - 1,
      bytes,
    })
    const MIB = 1024 * 1024
    const old = [1, 2, 3].map((end) => entry('old', end, 10 * MIB))
    const own = [1, 2, 3, 4].map((end) => entry('own', end, 15 * MIB))
    expect([...crowdedOut([...old, ...own], own)]).toEqual(old)
    const more = [...own, entry('own', 5, 15 * MIB)]
    const gone = crowdedOut([...old, ...more], more)
    expect([...gone].slice(0, 3)).toEqual(old)
    expect(gone.size).toBe(4)
    expect(gone.has(more[4]!)).toBe(false)
  })
})
