import { describeEachGround } from '../kit/grounds.js'
import { describe, expect, test } from 'vitest'
import { openExport, StoreError } from '../../src/index.js'
import { memoryEvent, openMemory, type Allocation, type Memory, type MemoryEvent } from '../../src/memory.js'
import {
  allocate,
  at,
  borrow,
  clone,
  deallocate,
  metadata,
  move,
  noon,
  reallocate,
  script,
} from '../kit/memory-events.js'

const BEYOND = 2n ** 64n - 1n

function recordAll(memory: Memory, events: readonly MemoryEvent[]): void {
  for (const event of events) memory.record(event)
}

function plain(event: MemoryEvent): MemoryEvent {
  return { ...event }
}

describeEachGround((ground) => {
  const open = async (options?: { topic?: string }) => {
    const store = await ground.open()
    return { store, memory: openMemory(store, options) }
  }
  const folded = async (...events: Parameters<typeof script>) => {
    const { memory } = await open()
    await memory.clear()
    recordAll(memory, script(...events))
    return memory.snapshot()
  }

  describe('recording', () => {
    test('a new store has no memory events', async () => {
      const { memory } = await open()
      expect([await memory.count(), memory.approxCount(), await memory.isEmpty()]).toEqual([0, 0, true])
      expect(await memory.events()).toEqual([])
      expect(await memory.snapshot()).toEqual({
        time: 0,
        sequence: -1,
        totalAllocated: 0,
        totalFreed: 0,
        current: 0,
        peak: 0,
        active: 0,
        allocations: 0,
        deallocations: 0,
        reallocations: 0,
        unmatchedFrees: 0,
        threads: [],
        live: new Map(),
      })
    })

    test('what is recorded counts at once, and reading consumes nothing', async () => {
      const { memory } = await open()
      memory.record(allocate(0x1000, 64, 1))
      expect(memory.approxCount()).toBe(1)
      memory.record(allocate(0x2000, 64, 1))
      expect((await memory.snapshot()).active).toBe(2)
      expect((await memory.snapshot()).active).toBe(2)
      expect([await memory.count(), memory.approxCount(), await memory.isEmpty()]).toEqual([2, 2, false])
    })

    test('a thousand events of ten threads are all there', async () => {
      const { memory } = await open()
      for (let n = 0; n < 1000; n++) memory.record(allocate(0x1000 + n * 16, 16, n % 10))
      const { active, threads } = await memory.snapshot()
      expect([await memory.count(), active]).toEqual([1000, 1000])
      expect(threads.map(({ threadId, allocations }) => [threadId, allocations])).toEqual(
        Array.from({ length: 10 }, (_, threadId) => [threadId, 100]),
      )
    })

    test('ten thousand events fold into their sum', async () => {
      const { memory } = await open()
      for (let n = 0; n < 10_000; n++) memory.record(allocate(0x1000 + n, 3, 1))
      expect(await memory.query.summary()).toMatchObject({ active: 10_000, current: 30_000 })
    })

    test('clear empties it, and what is recorded afterwards is kept', async () => {
      const { memory } = await open()
      recordAll(memory, [allocate(1, 10, 1), allocate(2, 10, 1)])
      const cleared = memory.clear()
      memory.record(allocate(3, 10, 1))
      await cleared
      expect([await memory.count(), memory.approxCount(), (await memory.snapshot()).active]).toEqual([1, 1, 1])
      await memory.clear()
      expect([await memory.count(), memory.approxCount(), await memory.isEmpty()]).toEqual([0, 0, true])
      expect(await memory.snapshot()).toMatchObject({ active: 0, allocations: 0, time: 0, sequence: -1 })
      memory.record(allocate(4, 10, 1))
      expect(await memory.count()).toBe(1)
    })

    test('every field comes back as it was, to the last bit', async () => {
      const { store, memory } = await open()
      const events = [
        allocate(BEYOND, 2 ** 40, 7)
          .withVarName('cart')
          .withTypeName('Vec<Item>')
          .withCallStackHash(0xdead_beef_dead_beefn)
          .withThreadName('main')
          .withSource('cart.rs', 42)
          .withModulePath('shop::cart')
          .withTaskId(3),
        deallocate(0n, 0, 0),
        reallocate(2n ** 53n, 10, 20, 1),
        move(2n ** 53n - 1n, 2n ** 53n + 1n, 20, 1),
        borrow(5, 1, true),
        borrow(5, 1),
        memoryEvent.return(5, 1),
        metadata(5, 8, 1),
        clone(5, 6, 8, 1),
      ].map((event, n) => event.withTimestamp(1_767_268_800_123_456_789n + BigInt(n)))
      recordAll(memory, events)
      recordAll(memory, [events[0]!.withTimestamp(0n), events[0]!.withTimestamp(BEYOND)])
      const expected = [...events, events[0]!.withTimestamp(0n), events[0]!.withTimestamp(BEYOND)].map(plain)
      expect(await memory.events()).toStrictEqual(expected)
      const reopened = openMemory(await ground.reopen())
      expect(await reopened.events()).toStrictEqual(expected)
      expect((await store.topic('memory').read())[0]).toMatchObject({ type: 'allocate', data: { ptr: BEYOND } })
    })

    test('events are found by positions, types, times and what is in them', async () => {
      const { memory } = await open()
      recordAll(memory, script(allocate(1, 10, 1), allocate(BEYOND, 10, 2), deallocate(1, 10, 1)))
      const ptrs = async (query: Parameters<Memory['events']>[0]) => (await memory.events(query)).map(({ ptr }) => ptr)
      expect(await ptrs({ from: 1 })).toEqual([BEYOND, 1n])
      expect(await ptrs({ types: ['deallocate'] })).toEqual([1n])
      expect(await ptrs({ until: noon + 1 })).toEqual([1n])
      expect(await ptrs({ where: { ptr: BEYOND } })).toEqual([BEYOND])
      expect(await ptrs({ where: { ptr: 1n } })).toEqual([1n, 1n])
      expect(await ptrs({ where: { ptr: 1, threadId: 1 }, limit: 1, direction: 'backward' })).toEqual([1n])
    })

    test('topics are apart, and other events in them are passed over', async () => {
      const { store, memory } = await open({ topic: 'heap' })
      store.topic('heap').record('allocate', { ptr: 'no address' })
      store.topic('heap').record('allocate')
      store.topic('heap').record('something', { ptr: 1, size: 1, threadId: 1, ns: 0 })
      openMemory(store).record(allocate(1, 1, 1))
      memory.record(allocate(2, 2, 1))
      expect((await memory.events()).map(({ ptr }) => ptr)).toEqual([2n])
      expect(await memory.query.summary()).toMatchObject({ active: 1, current: 2 })
    })

    test('a file is read like the store it came from', async () => {
      const { store, memory } = await open()
      recordAll(
        memory,
        script(allocate(BEYOND, 2048, 1), allocate(2, 10, 1), deallocate(2, 10, 1), deallocate(2, 10, 1)),
      )
      const archive = await openExport(await store.export())
      const read = openMemory(archive)
      expect(Object.keys(read).filter((key) => ['record', 'clear', 'capture'].includes(key))).toEqual([])
      expect(await read.events()).toStrictEqual(await memory.events())
      expect(await read.snapshot()).toStrictEqual(await memory.snapshot())
      expect(await read.analysis.run()).toStrictEqual(await memory.analysis.run())
      expect(await read.timeline.extent()).toEqual({ first: noon, last: noon + 3 })
      expect(await read.count()).toBe(4)
      await archive.close()
    })
  })

  describe('what is live', () => {
    test('an allocation is live until it is freed, whatever size the free tells', async () => {
      const snapshot = await folded(allocate(1, 100, 7), allocate(2, 50, 7), deallocate(1, 999, 8))
      expect(snapshot).toMatchObject({
        totalAllocated: 150,
        totalFreed: 100,
        current: 50,
        peak: 150,
        active: 1,
        allocations: 2,
        deallocations: 1,
        unmatchedFrees: 0,
        time: noon + 2,
        sequence: 2,
      })
      expect(snapshot.live).toEqual(
        new Map<bigint, Allocation>([[2n, { ptr: 2n, size: 50, threadId: 7, allocatedAt: noon + 1 }]]),
      )
      expect(snapshot.threads).toEqual([
        { threadId: 7, allocated: 150, freed: 100, current: 50, peak: 150, allocations: 2, deallocations: 1 },
      ])
    })

    test('a free of what is not live counts as unmatched and changes nothing else', async () => {
      const snapshot = await folded(
        deallocate(1, 10, 1),
        allocate(1, 10, 1),
        deallocate(1, 10, 1),
        deallocate(1, 10, 1),
      )
      expect(snapshot).toMatchObject({ unmatchedFrees: 2, deallocations: 1, totalFreed: 10, current: 0 })
    })

    test('a reallocation swaps the sizes and keeps thread and time', async () => {
      const snapshot = await folded(allocate(1, 100, 1), reallocate(1, 100, 30, 2), reallocate(1, 30, 300, 2))
      expect(snapshot).toMatchObject({
        totalAllocated: 430,
        totalFreed: 130,
        current: 300,
        peak: 300,
        allocations: 1,
        reallocations: 2,
      })
      expect([...snapshot.live.values()]).toEqual([{ ptr: 1n, size: 300, threadId: 1, allocatedAt: noon }])
      expect(snapshot.threads).toMatchObject([{ threadId: 1, allocated: 430, freed: 130, current: 300 }])
    })

    test('a reallocation of an unknown address allocates', async () => {
      const snapshot = await folded(reallocate(1, 10, 20, 3))
      expect(snapshot).toMatchObject({
        allocations: 1,
        reallocations: 0,
        totalAllocated: 20,
        totalFreed: 0,
        current: 20,
      })
    })

    test('a move is followed: the free at the new address matches', async () => {
      const moved = await folded(allocate(1, 10, 1), move(1, 2, 10, 2))
      expect([...moved.live.entries()]).toEqual([[2n, { ptr: 2n, size: 10, threadId: 1, allocatedAt: noon }]])
      const freed = await folded(allocate(1, 10, 1), move(1, 2, 10, 2), deallocate(2, 10, 2))
      expect(freed).toMatchObject({ active: 0, current: 0, unmatchedFrees: 0, totalAllocated: 10, totalFreed: 10 })
    })

    test('a move of an unknown address is ignored; one to itself changes nothing', async () => {
      expect(await folded(move(1, 2, 10, 1))).toMatchObject({ active: 0, totalAllocated: 0 })
      expect(await folded(allocate(1, 10, 1), move(1, 1, 10, 1))).toMatchObject({
        active: 1,
        current: 10,
        totalFreed: 0,
      })
    })

    test('an allocation or a move onto a live address replaces what was there', async () => {
      const again = await folded(allocate(1, 10, 1), allocate(1, 30, 2))
      expect(again).toMatchObject({
        active: 1,
        current: 30,
        peak: 30,
        totalAllocated: 40,
        totalFreed: 10,
        deallocations: 0,
      })
      expect(again.threads).toMatchObject([
        { threadId: 1, current: 0 },
        { threadId: 2, current: 30 },
      ])
      const onto = await folded(allocate(1, 10, 1), allocate(2, 5, 1), move(1, 2, 10, 1))
      expect(onto).toMatchObject({ active: 1, current: 10, totalFreed: 5 })
    })

    test('a clone allocates where it goes to', async () => {
      const snapshot = await folded(allocate(1, 10, 1), clone(1, 2, 10, 2))
      expect([...snapshot.live.keys()]).toEqual([1n, 2n])
      expect(snapshot).toMatchObject({ allocations: 2, current: 20 })
    })

    test('an address that is used again is a new allocation', async () => {
      const snapshot = await folded(allocate(1, 10, 1), deallocate(1, 10, 1), allocate(1, 20, 2))
      expect([...snapshot.live.values()]).toEqual([{ ptr: 1n, size: 20, threadId: 2, allocatedAt: noon + 2 }])
      expect(snapshot).toMatchObject({ unmatchedFrees: 0, active: 1 })
    })

    test('names, types, threads and call stacks are told of what is live, by metadata too', async () => {
      const snapshot = await folded(
        allocate(1, 10, 1).withVarName('cart').withThreadName('main').withCallStackHash(BEYOND),
        metadata(1, 10, 1).withTypeName('Vec'),
        borrow(1, 2),
      )
      expect([...snapshot.live.values()]).toStrictEqual([
        {
          ptr: 1n,
          size: 10,
          threadId: 1,
          allocatedAt: noon,
          varName: 'cart',
          typeName: 'Vec',
          threadName: 'main',
          callStackHash: BEYOND,
        },
      ])
      expect(snapshot.threads).toMatchObject([{ threadId: 1, threadName: 'main' }])
    })
  })

  describe('a snapshot', () => {
    test('at a sequence is of the events up to it, and nothing later changes it', async () => {
      const { store, memory } = await open()
      recordAll(memory, script(allocate(1, 10, 1)))
      store.topic('other').record('x')
      recordAll(memory, script(allocate(2, 20, 1), deallocate(1, 10, 1)))
      const head = await memory.snapshot()
      const actives = await Promise.all(
        [0, 1, 2, 3, 99].map(async (sequence) => (await memory.snapshot({ at: sequence })).active),
      )
      expect(actives).toEqual([1, 1, 2, 1, 1])
      expect((await memory.snapshot({ at: 1 })).sequence).toBe(0)
      memory.record(allocate(3, 5, 1))
      await memory.snapshot()
      expect([head.active, head.live.size, head.sequence]).toEqual([1, 1, 3])
    })
  })

  describe('bad input', () => {
    const event: MemoryEvent = { type: 'allocate', timestamp: at(0), ptr: 1n, size: 1, threadId: 1 }
    const wrong: [field: string, event: unknown][] = [
      ['event', null],
      ['type', { ...event, type: 'explode' }],
      ['timestamp', { ...event, timestamp: -1n }],
      ['timestamp', { ...event, timestamp: 5 }],
      ['ptr', { ...event, ptr: 2n ** 64n }],
      ['ptr', { ...event, ptr: 1 }],
      ['size', { ...event, size: -1 }],
      ['size', { ...event, size: 1.5 }],
      ['size', { ...event, size: 2 ** 53 }],
      ['threadId', { ...event, threadId: undefined }],
      ['oldSize', { ...event, type: 'reallocate', oldSize: NaN }],
      ['toPtr', { ...event, type: 'move' }],
      ['toPtr', { ...event, type: 'clone', toPtr: 7 }],
      ['mutable', { ...event, type: 'borrow', mutable: 1 }],
      ['varName', { ...event, varName: 5 }],
      ['callStackHash', { ...event, callStackHash: '0x1' }],
      ['taskId', { ...event, taskId: -3 }],
      ['sourceLine', { ...event, sourceLine: 0.5 }],
    ]
    test.each(wrong)('%s: an event that has it wrong is refused whole', async (field, bad) => {
      const { memory } = await open()
      expectRefused(field, () => memory.record(bad as MemoryEvent))
      expect(await memory.count()).toBe(0)
    })

    test('numbers out of range are refused, each by its name', async () => {
      const { memory } = await open()
      memory.record(allocate(1, 1, 1))
      const { query, timeline, analysis } = memory
      const asked: [field: string, () => Promise<unknown>][] = [
        ['at', () => memory.snapshot({ at: -1 })],
        ['at', () => memory.snapshot({ at: 0.5 })],
        ['n', () => query.top(-1)],
        ['n', () => query.top(1.5)],
        ['n', () => query.topByCount(-1)],
        ['threadId', () => query.byThread(-1)],
        ['bytes', () => query.largerThan(-1)],
        ['bytes', () => query.largerThan(NaN)],
        ['minAgeMs', () => query.leaks(-1)],
        ['minAgeMs', () => query.leaks(NaN)],
        ['since', () => timeline.range(NaN, 1)],
        ['until', () => timeline.range(0, NaN)],
        ['ptr', () => timeline.forPtr(-1)],
        ['ptr', () => timeline.forPtr(0.5)],
        ['threadId', () => timeline.forThread(0.5)],
        ['taskId', () => timeline.forTask(-1)],
        ['everyMs', () => timeline.usage({ since: 0, until: 1, everyMs: 0 })],
        ['everyMs', () => timeline.usage({ since: 0, until: 1, everyMs: -1 })],
        ['everyMs', () => timeline.usage({ since: 0, until: 1, everyMs: NaN })],
        ['everyMs', () => timeline.usage({ since: 0, until: 1e9, everyMs: 1 })],
        ['since', () => timeline.usage({ since: -Infinity, until: 1, everyMs: 1 })],
        ['until', () => timeline.usage({ since: 0, until: Infinity, everyMs: 1 })],
        ['since', () => timeline.peak({ since: NaN })],
        ['until', () => timeline.rate({ until: NaN })],
        ['names', () => analysis.run(['no such'])],
        ['from', () => memory.events({ from: -1 })],
      ]
      for (const [field, ask] of asked) {
        await expect(ask(), `${field}: ${ask.toString()}`).rejects.toMatchObject({
          code: 'invalid-argument',
          fault: { field },
        })
      }
      const replay = await timeline.replay()
      expectRefused('position', () => (replay.position = 2))
      expectRefused('time', () => replay.advanceUntil(NaN))
      expectRefused('name', () => analysis.register({ name: 'leak', analyze: async () => ({}) as never }))
    })

    test('an event cannot be built from what it could not be recorded with', () => {
      expectRefused('ptr', () => allocate(-1, 1, 1))
      expectRefused('ptr', () => allocate(2 ** 53, 1, 1))
      expectRefused('toPtr', () => move(1, 0.5, 1, 1))
      expectRefused('size', () => allocate(1, -1, 1))
      expectRefused('callStackHash', () => allocate(1, 1, 1).withCallStackHash(-1n))
      expectRefused('sourceLine', () => allocate(1, 1, 1).withSource('a', -1))
    })

    test('after close it says so', async () => {
      const { store, memory } = await open()
      await store.close()
      expect(() => memory.record(allocate(1, 1, 1))).toThrow(expect.objectContaining({ code: 'closed' }))
      await expect(memory.snapshot()).rejects.toMatchObject({ code: 'closed' })
    })
  })
})

function expectRefused(field: string, act: () => unknown): void {
  let thrown: unknown
  try {
    act()
  } catch (error) {
    thrown = error
  }
  expect(thrown).toBeInstanceOf(StoreError)
  expect((thrown as StoreError).fault).toMatchObject({ code: 'invalid-argument', field })
  expect((thrown as StoreError).message).toContain(field)
}
