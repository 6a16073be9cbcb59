import { describeEachGround } from '../kit/grounds.js'
import { isRealIndexedDb } from '../kit/indexeddb.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openMemory, type Memory, type MemoryEvent, type MemoryEventBuilder } from '../../src/memory.js'
import { at, memoryEvents, millisecondsAfterNoon } from '../kit/memory-events.js'
import { plainFold } from '../kit/memory-model.js'
import { runProgram, steps } from '../kit/memory-program.js'

const numRuns = isRealIndexedDb ? 10 : 40

describeEachGround((ground) => {
  const recorded = async (memory: Memory, events: readonly MemoryEvent[]) => {
    await memory.clear()
    for (const event of events) memory.record(event)
  }

  test(
    'a snapshot at any position is the fold of the prefix, after compaction and reopening too',
    { timeout: 120_000 },
    async () => {
      let store = await ground.open()
      const property = fc.asyncProperty(
        memoryEvents,
        fc.array(fc.nat(40), { maxLength: 5 }),
        async (events, places) => {
          await recorded(openMemory(store), events)
          const stored = await store.topic('memory').read()
          const expectFolds = async () => {
            const memory = openMemory(store)
            for (const place of [...places, stored.length - 1].filter((own) => own >= 0 && own < stored.length)) {
              const { sequence, time } = stored[place]!
              const expected = { ...plainFold(events.slice(0, place + 1)), sequence, time }
              expect(await memory.snapshot({ at: sequence })).toEqual(expected)
            }
            expect(await memory.snapshot()).toMatchObject(plainFold(events))
          }
          await expectFolds()
          await store.compact()
          await expectFolds()
          if (ground.durable) await store.close()
          const reopened = await ground.reopen()
          await store.close()
          store = reopened
          await expectFolds()
        },
      )
      await fc.assert(property, { numRuns })
    },
  )

  test(
    'usage is, step by step, what the events before the end of the step leave live',
    { timeout: 120_000 },
    async () => {
      const memory = openMemory(await ground.open())
      const range = fc.record({
        since: fc.integer({ min: -5, max: 50 }),
        spanMs: fc.integer({ min: 0, max: 60 }),
        everyMs: fc.constantFrom(0.5, 1, 7, 100),
      })
      const property = fc.asyncProperty(memoryEvents, range, async (events, { since, spanMs, everyMs }) => {
        await recorded(memory, events)
        const inOrder = events.toSorted((a, b) => Number(a.timestamp - b.timestamp))
        const before = (time: number) => inOrder.filter(({ timestamp }) => millisecondsAfterNoon(timestamp) < time)
        const start = millisecondsAfterNoon(at(0)) + since
        const end = start + spanMs
        const usage = await memory.timeline.usage({ since: start, until: end, everyMs })
        expect(usage).toHaveLength(Math.ceil(spanMs / everyMs))
        for (const { time, bytes } of usage) {
          expect(bytes).toBe(plainFold(before(Math.min(time + everyMs, end))).current)
        }
        const peak = await memory.timeline.peak({ since: start, until: end })
        expect(peak?.bytes ?? 0).toBeGreaterThanOrEqual(Math.max(0, ...usage.map(({ bytes }) => bytes)))
      })
      await fc.assert(property, { numRuns })
    },
  )

  test(
    'leaks, double frees and uses after free are found where they were planted, and nothing else is',
    { timeout: 120_000 },
    async () => {
      const memory = openMemory(await ground.open())
      const property = fc.asyncProperty(steps, async (program) => {
        const { events, planted } = runProgram(program)
        await recorded(memory, inTime(events))
        const results = await memory.analysis.run()
        const found = results.map(({ analyzer, findings, count }) => {
          expect(count).toBe(findings.length)
          return [analyzer, sorted(findings.map(({ ptr }) => ptr!))]
        })
        const expected = results.map(({ analyzer }) => [
          analyzer,
          sorted(planted[analyzer as keyof typeof planted] ?? []),
        ])
        expect(found).toEqual(expected)
      })
      await fc.assert(property, { numRuns: numRuns * 2 })
    },
  )
})

function inTime(events: readonly MemoryEventBuilder[]): MemoryEvent[] {
  return events.map((event, n) => event.withTimestamp(at(n / 100)))
}

function sorted(ptrs: readonly bigint[]): bigint[] {
  return ptrs.toSorted((a, b) => Number(a - b))
}
