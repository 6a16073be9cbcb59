import { describeEachGround } from '../kit/grounds.js'
import { describe, expect, test } from 'vitest'
import { openMemory, type MemoryEvent } from '../../src/memory.js'
import {
  allocate,
  at,
  borrow,
  clone,
  deallocate,
  giveBack,
  move,
  noon,
  reallocate,
  script,
} from '../kit/memory-events.js'

describeEachGround((ground) => {
  const opened = async (events: readonly MemoryEvent[] = []) => {
    const memory = openMemory(await ground.open())
    for (const event of events) memory.record(event)
    return memory
  }

  describe('queries', () => {
    const events = script(
      allocate(1, 100, 1).withVarName('cart').withTypeName('Vec').withThreadName('main'),
      allocate(2, 300, 1).withVarName('image').withTypeName('Image'),
      allocate(3, 200, 2).withVarName('cart').withTypeName('Vec'),
      allocate(4, 50, 2),
      allocate(5, 999, 2).withTypeName('Gone'),
      deallocate(5, 999, 1),
    )
    const ptrs = (found: readonly { ptr: bigint }[]) => found.map(({ ptr }) => Number(ptr))

    test('the largest come largest first, as many as were asked for', async () => {
      const { query } = await opened(events)
      expect(ptrs(await query.top(2))).toEqual([2, 3])
      expect(ptrs(await query.top(99))).toEqual([2, 3, 1, 4])
      expect(await query.top(0)).toEqual([])
      expect((await query.top(1))[0]).toEqual({
        ptr: 2n,
        size: 300,
        threadId: 1,
        allocatedAt: noon + 1,
        varName: 'image',
        typeName: 'Image',
      })
    })

    test('types are ranked by how many of them are live', async () => {
      const { query } = await opened(events)
      expect(await query.topByCount(5)).toEqual([
        { typeName: 'Vec', count: 2, bytes: 300 },
        { typeName: 'Image', count: 1, bytes: 300 },
      ])
      expect(await query.topByCount(1)).toHaveLength(1)
      expect(await query.topByCount(0)).toEqual([])
    })

    test('what is live is found by thread, variable, scope, type and size', async () => {
      const { query } = await opened(events)
      expect(ptrs(await query.byThread(2))).toEqual([3, 4])
      expect(ptrs(await query.byVariable('cart'))).toEqual([1, 3])
      expect(ptrs(await query.byScope('cart'))).toEqual([1, 3])
      expect(ptrs(await query.byType('Vec'))).toEqual([1, 3])
      expect(ptrs(await query.largerThan(100))).toEqual([2, 3])
      expect([await query.byThread(9), await query.byVariable('x'), await query.byType('Gone')]).toEqual([[], [], []])
    })

    test('leaks are as old as was asked at the time of the newest event', async () => {
      const { query } = await opened(events)
      expect(ptrs(await query.leaks(4))).toEqual([1, 2])
      expect(ptrs(await query.leaks(0))).toEqual([1, 2, 3, 4])
      expect(await query.leaks(6)).toEqual([])
    })

    test('threads tell what they allocated, and who freed it does not matter', async () => {
      const { query } = await opened(events)
      expect(await query.threads()).toEqual([
        {
          threadId: 1,
          threadName: 'main',
          allocated: 400,
          freed: 0,
          current: 400,
          peak: 400,
          allocations: 2,
          deallocations: 0,
        },
        { threadId: 2, allocated: 1249, freed: 999, current: 250, peak: 1249, allocations: 3, deallocations: 1 },
      ])
      expect(await query.summary()).toEqual({
        totalAllocated: 1649,
        totalFreed: 999,
        current: 650,
        peak: 1649,
        active: 4,
        allocations: 5,
        deallocations: 1,
        reallocations: 0,
        unmatchedFrees: 0,
      })
    })
  })

  describe('the timeline', () => {
    // Recorded out of order, as threads do: by time it is 1, 2, 3, 3 (moved), 5.
    const events = [
      allocate(3, 30, 1).withTimestamp(at(30)).withVarName('c').withTaskId(9),
      allocate(1, 10, 1).withTimestamp(at(10)),
      allocate(2, 20, 2).withTimestamp(at(20)),
      move(3, 7, 30, 2).withTimestamp(at(30)),
      deallocate(1, 10, 2).withTimestamp(at(50)),
    ]
    const types = (found: readonly MemoryEvent[]) => found.map(({ type, ptr }) => `${type} ${ptr}`)

    test('ranges are half-open, in the order of time, ties in log order', async () => {
      const { timeline } = await opened(events)
      expect(types(await timeline.range(noon + 10, noon + 50))).toEqual([
        'allocate 1',
        'allocate 2',
        'allocate 3',
        'move 3',
      ])
      expect(await timeline.range(noon + 50, noon + 10)).toEqual([])
      expect(await timeline.range(noon, noon)).toEqual([])
    })

    test('timestamps within a microsecond keep their order', async () => {
      const { timeline } = await opened([
        borrow(1, 1).withTimestamp(at(0) + 3n),
        borrow(2, 1).withTimestamp(at(0) + 1n),
        borrow(3, 1).withTimestamp(at(0) + 2n),
      ])
      expect((await timeline.range(-Infinity, Infinity)).map(({ ptr }) => ptr)).toEqual([2n, 3n, 1n])
    })

    test('events are found by address, thread, scope and task', async () => {
      const { timeline } = await opened([...events, allocate(2n ** 63n, 1, 3).withTimestamp(at(60))])
      expect(types(await timeline.forPtr(3))).toEqual(['allocate 3', 'move 3'])
      expect(types(await timeline.forPtr(7n))).toEqual(['move 3'])
      expect(types(await timeline.forPtr(2n ** 63n))).toEqual(['allocate 9223372036854775808'])
      expect(types(await timeline.forThread(2))).toEqual(['allocate 2', 'move 3', 'deallocate 1'])
      expect(types(await timeline.forScope('c'))).toEqual(['allocate 3'])
      expect(types(await timeline.forTask(9))).toEqual(['allocate 3'])
    })

    test('usage is what is live at the end of each step, with what was live before', async () => {
      const { timeline } = await opened(events)
      expect(await timeline.usage({ since: noon + 15, until: noon + 55, everyMs: 10 })).toEqual([
        { time: noon + 15, bytes: 30 },
        { time: noon + 25, bytes: 60 },
        { time: noon + 35, bytes: 60 },
        { time: noon + 45, bytes: 50 },
      ])
      // An event at a step's end is the next step's; the last step ends with the range.
      expect(await timeline.usage({ since: noon + 10, until: noon + 25, everyMs: 10 })).toEqual([
        { time: noon + 10, bytes: 10 },
        { time: noon + 20, bytes: 30 },
      ])
      expect(await timeline.usage({ since: noon + 10, until: noon + 10, everyMs: 1 })).toEqual([])
    })

    test('usage counts reallocations, clones and what is replaced as the snapshot does', async () => {
      const { timeline } = await opened(
        script(
          allocate(1, 10, 1),
          reallocate(1, 10, 100, 1),
          clone(1, 2, 100, 1),
          allocate(2, 1, 1),
          deallocate(9, 5, 1),
        ),
      )
      const usage = await timeline.usage({ since: noon, until: noon + 5, everyMs: 1 })
      expect(usage.map(({ bytes }) => bytes)).toEqual([10, 100, 200, 101, 101])
    })

    test('the peak counts what was live before the range', async () => {
      const { timeline } = await opened([...events, deallocate(2, 20, 2).withTimestamp(at(70))])
      expect(await timeline.peak()).toEqual({ time: noon + 30, bytes: 60 })
      expect(await timeline.peak({ until: noon + 30 })).toEqual({ time: noon + 20, bytes: 30 })
      expect(await timeline.peak({ since: noon + 40 })).toEqual({ time: noon + 40, bytes: 60 })
      expect(await timeline.peak({ since: noon + 55, until: noon + 60 })).toEqual({ time: noon + 55, bytes: 50 })
      expect(await timeline.peak({ until: noon })).toBeNull()
      expect(await timeline.peak({ since: noon + 40, until: noon + 40 })).toBeNull()
    })

    test('the rate is in events a second, and 0 over no time', async () => {
      const { timeline } = await opened(events)
      expect(await timeline.rate()).toBe(125)
      expect(await timeline.rate({ since: noon, until: noon + 1000 })).toBe(5)
      expect(await timeline.rate({ since: noon + 30 })).toBe(150)
      expect(await timeline.rate({ since: noon + 20, until: noon + 20 })).toBe(0)
      expect(await (await opened([])).timeline.rate({ since: noon + 100 })).toBe(0)
    })

    test('an empty timeline has no extent, no peak and no rate', async () => {
      const { timeline } = await opened()
      expect([await timeline.extent(), await timeline.peak(), await timeline.rate()]).toEqual([null, null, 0])
      expect(await timeline.usage({ since: 0, until: 2, everyMs: 1 })).toEqual([
        { time: 0, bytes: 0 },
        { time: 1, bytes: 0 },
      ])
    })

    test('the extent is of the oldest and the newest event, and forgets what was cleared', async () => {
      const memory = await opened(events)
      expect(await memory.timeline.extent()).toEqual({ first: noon + 10, last: noon + 50 })
      await memory.clear()
      expect(await memory.timeline.extent()).toBeNull()
      for (const event of events) memory.record(event)
      expect(await memory.timeline.extent()).toEqual({ first: noon + 10, last: noon + 50 })
    })
  })

  describe('a replay', () => {
    const events = script(allocate(1, 1, 1), borrow(1, 1), giveBack(1, 1), deallocate(1, 1, 1))

    test('goes event by event in the order of time, and back', async () => {
      const replay = await (await opened(events.toReversed())).timeline.replay()
      expect([replay.length, replay.position, replay.progress]).toEqual([4, 0, 0])
      expect(replay.next()).toStrictEqual({ ...events[0]! })
      expect([replay.position, replay.progress]).toEqual([1, 0.25])
      replay.position = 3
      expect(replay.next()?.type).toBe('deallocate')
      expect([replay.next(), replay.position, replay.progress]).toEqual([null, 4, 1])
      replay.reset()
      expect(replay.next()?.type).toBe('allocate')
    })

    test('advancing to a time leaves the first event past it for the next call', async () => {
      const replay = await (await opened(events)).timeline.replay()
      expect(replay.advanceUntil(noon + 2).map(({ type }) => type)).toEqual(['allocate', 'borrow'])
      expect(replay.advanceUntil(noon + 2)).toEqual([])
      expect(replay.advanceUntil(noon)).toEqual([])
      expect(replay.next()?.type).toBe('return')
      expect(replay.between(noon + 1, noon + 3).map(({ type }) => type)).toEqual(['borrow', 'return'])
      expect(replay.between(noon + 3, noon + 1)).toEqual([])
      expect(replay.position).toBe(3)
    })

    test('is not changed by what is recorded later; one of nothing is at its start', async () => {
      const memory = await opened()
      const empty = await memory.timeline.replay()
      memory.record(events[0]!)
      expect([empty.next(), empty.length, empty.progress, empty.advanceUntil(Infinity)]).toEqual([null, 0, 0, []])
    })
  })
})
