import { describe, expect, test } from 'vitest'
import { ColumnBuilder } from '../../src/codec/column-builder.js'
import type { Count } from '../../src/codec/counts.js'
import type { Submitted } from '../../src/log/submitted.js'
import type { LimitPlan } from '../../src/fold/counter/limit.js'
import type { LimitStep } from '../../src/protocol/counters.js'
import { Counting } from '../../src/log/counting.js'
import type { LogDatabase } from '../../src/log/database.js'
import { Log } from '../../src/log/log.js'
import { createMemoryDatabase } from '../../src/log/memory-database.js'
import { manualClock } from '../../src/testing.js'
import type { Fault } from '../../src/index.js'

const clock = manualClock('2026-11-18T12:00Z')

/** A writer of its own on the database, as another version of the app would have. */
class Writer {
  readonly log: Log
  readonly faults: Fault[] = []
  #seq = 0
  readonly #producer: string

  constructor(database: LogDatabase, producer: string) {
    this.#producer = producer
    const on = { fault: (fault: Fault) => void this.faults.push(fault), changed: () => {} }
    this.log = new Log(database, on, new Counting(clock))
  }

  columns(events: readonly string[], counts: readonly Count[] = []): ReturnType<ColumnBuilder['build']> {
    const builder = new ColumnBuilder(this.#producer)
    for (const type of events) {
      const row = { topic: 't', type, data: 1, time: clock.now(), weight: 1, id: undefined, meta: undefined }
      builder.add(row, () => this.#seq++)
    }
    if (counts.length > 0) builder.addCounts(counts, this.#seq++)
    return builder.build()
  }

  async commit(...batches: ReturnType<ColumnBuilder['build']>[]): ReturnType<Log['append']> {
    const submitted = batches.map((columns) => ({ columns, session: 's', append: null }))
    return this.log.append(submitted, 'relaxed')
  }

  async total(id: string): Promise<number | null> {
    const [own] = await this.log.counters.buckets([[id]], { unit: null, start: 0, end: 1 })
    return own?.[0] ?? null
  }
}

function command(seq: number): { producer: string; session: string; seq: number } {
  return { producer: 'commands', session: 's', seq }
}

function corrupt(database: LogDatabase, key: string, value: unknown): Promise<void> {
  return database.write(['counters'], 'relaxed', async (tx) => tx.put('counters', key, value))
}

describe('counters and two writers of one database', () => {
  test('each counts on from what the other committed', async () => {
    const database = createMemoryDatabase()
    const [a, b] = [new Writer(database, 'a'), new Writer(database, 'b')]
    for (let n = 0; n < 5; n++) {
      await a.commit(a.columns(['x'], [['own', clock.now(), 2]]))
      await b.commit(b.columns(['x', 'y'], [['own', clock.now(), 3]]))
    }
    for (const writer of [a, b]) {
      expect(await Promise.all(['t/x', 't/y', 'own'].map((id) => writer.total(id)))).toEqual([10, 5, 25])
    }
  })

  test('a batch resent is counted once, by whichever writer, whole or in part', async () => {
    const database = createMemoryDatabase()
    const [a, b] = [new Writer(database, 'a'), new Writer(database, 'b')]
    const columns = a.columns(['x', 'x'], [['own', clock.now(), 1]])
    await a.commit(columns)
    await b.commit(columns, columns)
    expect(await Promise.all(['t/x', 'own'].map((id) => b.total(id)))).toEqual([2, 1])
    expect((await b.log.refresh()).events).toBe(2)
  })

  test('what a limit let through is let through again when it is resent, and counted once', async () => {
    const database = createMemoryDatabase()
    const [a, b] = [new Writer(database, 'a'), new Writer(database, 'b')]
    const plan: LimitPlan = { id: 'x', constraints: [{ is: 'atMost', id: 'x', limit: 1, windowMs: 60_000 }] }
    const asked = async (writer: Writer, columns: Submitted['columns'], limit: LimitStep): Promise<string> => {
      const [outcome] = (await writer.log.append([{ columns, session: 's', append: null, limit }], 'relaxed')).outcomes
      return outcome!.ok ? 'ok' : outcome!.fault.code
    }
    const [first, second] = [a.columns([], [['x', clock.now(), 1]]), a.columns([], [['x', clock.now(), 1]])]
    expect(await asked(a, first, { do: 'record', plan })).toBe('ok')
    expect(await asked(b, first, { do: 'record', plan })).toBe('ok')
    expect(await asked(b, second, { do: 'record', plan })).toBe('limit-exceeded')
    expect(await b.total('x')).toBe(1)
    const hold: LimitStep = { do: 'reserve', plan: { id: 'y', constraints: [] }, reservation: 'r', ttlMs: 1000 }
    expect(await asked(a, a.columns([]), hold)).toBe('ok')
    expect(await asked(b, a.columns([]), hold)).toBe('ok')
    const commit = a.columns([], [['y', clock.now(), 1]])
    expect(await asked(a, commit, { do: 'commit', reservation: 'r' })).toBe('ok')
    expect(await asked(b, commit, { do: 'commit', reservation: 'r' })).toBe('ok')
    expect(await b.total('y')).toBe(1)
  })

  test('what is counted takes no position, and no topic', async () => {
    const writer = new Writer(createMemoryDatabase(), 'a')
    const { events, duplicates } = await writer.commit(
      writer.columns([], [['own', clock.now(), 1]]),
      writer.columns(['x'], [['own', clock.now(), 1]]),
      writer.columns(['x']),
    )
    expect({ events, duplicates }).toEqual({ events: 2, duplicates: 0 })
    expect(await writer.log.topics()).toMatchObject([{ name: 't', first: 0, next: 2, count: 2 }])
    expect((await writer.log.types()).sort()).toEqual(['x'])
    expect(await writer.total('own')).toBe(2)
  })

  test('a transaction that aborts counts nothing, and the next one is right again', async () => {
    const database = createMemoryDatabase()
    const writer = new Writer(database, 'a')
    await writer.commit(writer.columns(['x']))
    const write = database.write.bind(database)
    const broken: LogDatabase['write'] = (stores, durability, body) =>
      write(stores, durability, async (tx) => {
        await body(tx)
        throw new Error('aborted')
      })
    const again = writer.columns(['x'], [['own', clock.now(), 1]])
    database.write = broken
    await expect(writer.commit(again)).rejects.toThrow('aborted')
    database.write = write
    expect(await writer.total('t/x')).toBe(1)
    await writer.commit(again)
    expect([await writer.total('t/x'), await writer.total('own')]).toEqual([2, 1])
  })

  test('counters are loaded as they are asked for, not all at start', async () => {
    const database = createMemoryDatabase()
    const writer = new Writer(database, 'a')
    const counts = Array.from({ length: 10_000 }, (_, n): Count => [`id${n}`, clock.now(), 1])
    await writer.commit(writer.columns([], counts))
    const next = new Writer(database, 'b')
    expect(await next.log.counters.memoryUsage()).toBe(0)
    expect(await next.total('id77')).toBe(1)
    expect(await next.log.counters.memoryUsage()).toBeLessThan(4096)
    expect(await next.log.counters.ids()).toHaveLength(10_000)
  })

  test('a command sent again is done once', async () => {
    const database = createMemoryDatabase()
    const [a, b] = [new Writer(database, 'a'), new Writer(database, 'b')]
    await a.commit(a.columns([], [['in', clock.now(), 5]]))
    expect(await a.log.counters.balance('in', 'out', command(0))).toBe(5)
    await a.commit(a.columns([], [['in', clock.now(), 5]]))
    expect(await b.log.counters.balance('in', 'out', command(0))).toBe(0)
    expect(await b.total('out')).toBe(5)
  })

  test('what other writers named is tracked by all', async () => {
    const database = createMemoryDatabase()
    const [a, b] = [new Writer(database, 'a'), new Writer(database, 'b')]
    await a.commit(a.columns([], [['x', clock.now(), 5]]))
    expect(await b.total('x')).toBe(5)
    const settings = { at: 1, options: { track: { hour: 5 }, countEvents: false } }
    a.log.counters.counting.name(settings)
    await a.log.counters.remember(settings)
    await b.commit(b.columns(['event'], [['x', clock.now(), 1]]))
    expect(await b.log.counters.tracked()).toEqual([{ unit: 'hour', buckets: 5 }])
    expect(await b.log.counters.ids()).toEqual(['x'])
    expect(await a.log.counters.buckets([['x']], { unit: 'hour', start: 0, end: 1 })).toEqual([[6]])
  })
})

describe('what a log without good counters does', () => {
  async function filled(): Promise<LogDatabase> {
    const database = createMemoryDatabase()
    const writer = new Writer(database, 'a')
    for (let n = 0; n < 3; n++) await writer.commit(writer.columns(['x', 'y', 'x'], [['own', clock.now(), 1]]))
    return database
  }

  test('one from before there were counters is counted once, by whichever writer asks first', async () => {
    const database = await filled()
    await database.write(['head', 'counters'], 'relaxed', async (tx) => {
      const { counters: _counters, ...head } = (await tx.get('head', 'head'))!
      tx.put('head', 'head', head)
      tx.delete('counters', {})
    })
    const [a, b] = [new Writer(database, 'a2'), new Writer(database, 'b')]
    await a.commit(a.columns(['x']))
    expect(await Promise.all([a.total('t/x'), b.total('t/x'), a.total('t/y')])).toEqual([7, 7, 3])
    expect(await b.total('own')).toBeNull()
    await b.commit(b.columns(['x']))
    expect(await a.total('t/x')).toBe(8)
  })

  test.each([
    ['read', async (writer: Writer) => writer.total('t/x')],
    ['counted', async (writer: Writer) => writer.commit(writer.columns([], [['t/x', clock.now(), 0.5]]))],
  ])('a damaged counter that is %s is counted again from the log, and told', async (_way, touch) => {
    const database = await filled()
    await corrupt(database, '=t/x', { layout: 'x', numbers: 'gone' })
    const writer = new Writer(database, 'b')
    const touched = await touch(writer)
    const counted = typeof touched === 'number' ? 6 : 6.5
    expect(await writer.total('t/x')).toBe(counted)
    expect(await writer.total('t/y')).toBe(3)
    expect(writer.faults).toMatchObject([{ code: 'corrupt', ids: ['t/x'] }])
    expect(writer.log.repairs).toBe(1)
    expect(await new Writer(database, 'c').total('t/x')).toBe(counted)
  })

  test('what was merged into a damaged counter stays', async () => {
    const other = new Writer(createMemoryDatabase(), 'o')
    await other.commit(other.columns([], [['t/x', clock.now(), 100]]))
    const database = await filled()
    const writer = new Writer(database, 'b')
    await writer.log.counters.merge(await other.log.counters.exported(null, false), command(0))
    expect(await writer.total('t/x')).toBe(106)
    await corrupt(database, '=t/x', null)
    expect(await new Writer(database, 'c').total('t/x')).toBe(106)
  })
})
