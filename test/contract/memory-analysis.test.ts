import { describeEachGround } from '../kit/grounds.js'
import { describe, expect, test } from 'vitest'
import { openMemory, type MemoryEventBuilder } from '../../src/memory.js'
import {
  allocate,
  at,
  borrow,
  clone,
  deallocate,
  giveBack,
  KIB,
  metadata,
  MIB,
  move,
  reallocate,
  script,
} from '../kit/memory-events.js'

const BUILT_IN = ['leak', 'use-after-free', 'double-free', 'overflow', 'data-race', 'lifecycle', 'safety']

describeEachGround((ground) => {
  const analyzed = async (events: readonly MemoryEventBuilder[], names?: string[]) => {
    const memory = openMemory(await ground.open())
    await memory.clear()
    for (const event of script(...events)) memory.record(event)
    return memory.analysis.run(names)
  }
  /** 'leak 1 critical', of those that found something. */
  const found = async (...events: MemoryEventBuilder[]) =>
    (await analyzed(events))
      .filter(({ count }) => count > 0)
      .map(({ analyzer, count, severity }) => `${analyzer} ${count} ${severity}`)

  test('all of them run, in order; of nothing they find nothing', async () => {
    const results = await analyzed([])
    expect(results.map(({ analyzer }) => analyzer)).toEqual(BUILT_IN)
    expect(
      results.filter(({ count, severity, findings }) => count > 0 || severity !== 'info' || findings.length > 0),
    ).toEqual([])
    expect((await analyzed([], ['safety', 'leak'])).map(({ analyzer }) => analyzer)).toEqual(['safety', 'leak'])
    expect(await analyzed([], [])).toEqual([])
  })

  test('an ordinary life is nothing to speak of', async () => {
    expect(
      await found(
        allocate(1, 4096, 1),
        borrow(1, 1),
        giveBack(1, 1),
        borrow(1, 2, true),
        giveBack(1, 2),
        reallocate(1, 4096, 8192, 1),
        move(1, 2, 8192, 1),
        metadata(2, 8192, 1).withVarName('x'),
        clone(2, 3, 8192, 1),
        borrow(3, 1),
        move(3, 4, 8192, 1),
        giveBack(3, 1),
        deallocate(4, 8192, 2),
        deallocate(2, 8192, 2),
        allocate(1, 100, 2),
        deallocate(1, 0, 1),
      ),
    ).toEqual([])
  })

  describe('leak', () => {
    test.each([
      [KIB - 1, []],
      [KIB, ['leak 1 info']],
      [100 * KIB, ['leak 1 warning']],
      [MIB, ['leak 1 error']],
      [10 * MIB, ['leak 1 critical']],
    ])('%i live bytes', async (size, expected) => {
      expect(await found(allocate(1, size, 1), allocate(2, size, 1), deallocate(2, size, 1))).toEqual(expected)
    })

    test('the largest hundred are told, all are counted; each says which event allocated it', async () => {
      const events = Array.from({ length: 150 }, (_, n) => allocate(n + 1, KIB + n, 1))
      const [leak] = await analyzed([...events, move(1, 9000, KIB, 1), reallocate(9000, KIB, MIB, 1)], ['leak'])
      expect(leak).toMatchObject({ analyzer: 'leak', count: 150, severity: 'error' })
      expect(leak!.findings).toHaveLength(100)
      expect(leak!.findings[0]).toMatchObject({ severity: 'error', ptr: 9000n, bytes: MIB })
      expect(leak!.findings[1]).toMatchObject({ severity: 'info', ptr: 150n, bytes: KIB + 149 })
      expect(leak!.findings[0]!.sequence! + 149).toBe(leak!.findings[1]!.sequence)
    })
  })

  test('an address that is used again is no double free', async () => {
    const again = [allocate(1, 10, 1), deallocate(1, 10, 1), allocate(1, 20, 2), deallocate(1, 20, 2)]
    expect(await found(...again, ...again)).toEqual([])
  })

  test('a free of a freed address is a double free alone, every time', async () => {
    expect(await found(allocate(1, 10, 1), deallocate(1, 10, 1), deallocate(1, 10, 1))).toEqual([
      'double-free 1 critical',
    ])
    const [result] = await analyzed(
      [allocate(1, 10, 1), deallocate(1, 10, 1), deallocate(1, 99, 2), deallocate(1, 10, 1)],
      ['double-free'],
    )
    expect(result).toMatchObject({ count: 2, findings: [{ ptr: 1n }, { ptr: 1n }] })
    const [first, second] = result!.findings
    expect(second!.related).toEqual([first!.sequence])
  })

  test('use of a freed address is told by its kind; after reuse it is none', async () => {
    const freed = [allocate(1, 10, 1), deallocate(1, 10, 1)]
    expect(await found(...freed, borrow(1, 1))).toEqual(['use-after-free 1 error'])
    expect(await found(...freed, borrow(1, 1, true))).toEqual(['use-after-free 1 critical'])
    expect(await found(...freed, clone(1, 2, 10, 1))).toEqual(['use-after-free 1 error'])
    expect(await found(...freed, move(1, 2, 10, 1))).toEqual(['use-after-free 1 critical'])
    expect(await found(...freed, reallocate(1, 10, 20, 1), borrow(1, 1), giveBack(1, 1))).toEqual([
      'use-after-free 1 critical',
    ])
    expect(await found(...freed, giveBack(1, 1), metadata(1, 10, 1))).toEqual([])
    expect(await found(...freed, allocate(1, 10, 1), borrow(1, 1), giveBack(1, 1))).toEqual([])
  })

  test('past the recorded size it is an overflow, however it gets there', async () => {
    const own = allocate(1, 10, 1)
    expect(await found(own, deallocate(1, 11, 1))).toEqual(['overflow 1 error'])
    expect(await found(own, move(1, 2, 11, 1))).toEqual(['overflow 1 critical'])
    expect(await found(own, clone(1, 2, 11, 1))).toEqual(['overflow 1 critical'])
    expect(await found(own, reallocate(1, 11, 5, 1))).toEqual(['overflow 1 critical'])
    expect(await found(own, reallocate(1, 10, 20, 1), deallocate(1, 20, 1))).toEqual([])
    expect(await found(own, deallocate(1, 9, 1))).toEqual([])
    const [result] = await analyzed([own, deallocate(1, 15, 1)], ['overflow'])
    expect(result!.findings).toMatchObject([{ ptr: 1n, bytes: 5 }])
  })

  describe('data race', () => {
    const race = async (...events: MemoryEventBuilder[]) => {
      const memory = openMemory(await ground.open())
      await memory.clear()
      for (const event of [allocate(1, 10, 1).withTimestamp(at(-1)), ...events]) memory.record(event)
      const [result] = await memory.analysis.run(['data-race'])
      return [result!.count, result!.severity]
    }
    const start = at(0)
    const near = start + 1_000n
    const far = start + 1_001n

    test('two threads within a microsecond, one of them writing', async () => {
      expect(await race(borrow(1, 1, true).withTimestamp(start), borrow(1, 2).withTimestamp(near))).toEqual([
        1,
        'error',
      ])
      expect(await race(borrow(1, 1, true).withTimestamp(start), borrow(1, 2, true).withTimestamp(near))).toEqual([
        1,
        'critical',
      ])
      expect(await race(reallocate(1, 10, 9, 1).withTimestamp(start), borrow(1, 2).withTimestamp(near))).toEqual([
        1,
        'error',
      ])
      expect(await race(borrow(1, 2).withTimestamp(start), move(1, 2, 9, 1).withTimestamp(near))).toEqual([1, 'error'])
      expect(await race(borrow(1, 2).withTimestamp(near), borrow(1, 1, true).withTimestamp(start))).toEqual([
        1,
        'error',
      ])
    })

    test('not two readers, not one thread, not later, not elsewhere, not an allocation or a free', async () => {
      expect(await race(borrow(1, 1).withTimestamp(start), borrow(1, 2).withTimestamp(near))).toEqual([0, 'info'])
      expect(await race(borrow(1, 1, true).withTimestamp(start), borrow(1, 1, true).withTimestamp(near))).toEqual([
        0,
        'info',
      ])
      expect(await race(borrow(1, 1, true).withTimestamp(start), borrow(1, 2, true).withTimestamp(far))).toEqual([
        0,
        'info',
      ])
      expect(await race(borrow(1, 1, true).withTimestamp(start), borrow(9, 2, true).withTimestamp(near))).toEqual([
        0,
        'info',
      ])
      expect(await race(deallocate(1, 10, 1).withTimestamp(start), allocate(1, 10, 2).withTimestamp(near))).toEqual([
        0,
        'info',
      ])
    })

    test('an address given out anew is another one', async () => {
      const reused = [
        borrow(1, 1, true).withTimestamp(start),
        deallocate(1, 10, 1).withTimestamp(start),
        allocate(1, 10, 2).withTimestamp(start),
        borrow(1, 2, true).withTimestamp(near),
      ]
      expect(await race(...reused)).toEqual([0, 'info'])
    })
  })

  test('uses after a move, frees while borrowed and borrows never returned break a life', async () => {
    const moved = [allocate(1, 10, 1), move(1, 2, 10, 1)]
    expect(await found(...moved, borrow(1, 1))).toEqual(['lifecycle 1 error'])
    expect(await found(...moved, deallocate(1, 10, 1))).toEqual(['lifecycle 1 error'])
    expect(await found(...moved, deallocate(2, 10, 1), deallocate(2, 10, 1))).toEqual(['double-free 1 critical'])
    expect(await found(...moved, allocate(1, 5, 1), borrow(1, 1), giveBack(1, 1))).toEqual([])
    expect(await found(allocate(1, 10, 1), borrow(1, 1), borrow(1, 1), giveBack(1, 1))).toEqual(['lifecycle 1 warning'])
    expect(await found(allocate(1, 10, 1), borrow(1, 1), deallocate(1, 10, 1), giveBack(1, 1))).toEqual([
      'lifecycle 1 error',
    ])
    expect(await found(allocate(1, 10, 1), borrow(1, 1), move(1, 2, 10, 1), deallocate(2, 10, 1))).toEqual([
      'lifecycle 1 error',
    ])
    expect(await found(borrow(77, 1), giveBack(77, 1))).toEqual([])
  })

  test('frees of what was never seen, sizes of nothing and beyond all memory, address 0', async () => {
    expect(await found(deallocate(5, 10, 1))).toEqual(['safety 1 warning'])
    expect(await found(deallocate(5, 10, 1), deallocate(5, 10, 1))).toEqual([
      'double-free 1 critical',
      'safety 1 warning',
    ])
    expect(await found(allocate(5, 0, 1))).toEqual(['safety 1 info'])
    expect(await found(allocate(5, 2 ** 40, 1), deallocate(5, 2 ** 40, 1))).toEqual(['safety 1 error'])
    expect(await found(allocate(0, 10, 1))).toEqual(['safety 1 error'])
    expect(await found(deallocate(0, 0, 1), deallocate(0, 0, 1))).toEqual(['safety 2 info'])
  })

  describe("an analyzer of one's own", () => {
    test('sees the snapshot and its events, and is run by its name and with all', async () => {
      const memory = openMemory(await ground.open())
      memory.analysis.register({
        name: 'odd-sizes',
        async analyze(snapshot, events) {
          const findings = []
          for await (const { size, ptr } of events) {
            if (size % 2 === 1) findings.push({ severity: 'warning' as const, message: `${size} is odd`, ptr })
          }
          const description = `${snapshot.active} live`
          return { analyzer: 'odd-sizes', severity: 'warning', count: findings.length, description, findings }
        },
      })
      expect(memory.analysis.names()).toEqual([...BUILT_IN, 'odd-sizes'])
      memory.record(allocate(1, 3, 1))
      memory.record(allocate(2, 4, 1))
      const expected = { analyzer: 'odd-sizes', count: 1, description: '2 live', findings: [{ ptr: 1n }] }
      expect(await memory.analysis.run(['odd-sizes'])).toMatchObject([expected])
      expect((await memory.analysis.run()).at(-1)).toMatchObject(expected)
    })

    test('that throws rejects with what it threw', async () => {
      const memory = openMemory(await ground.open())
      const trouble = new Error('no idea')
      memory.analysis.register({ name: 'lost', analyze: () => Promise.reject(trouble) })
      await expect(memory.analysis.run(['lost'])).rejects.toBe(trouble)
    })
  })
})
