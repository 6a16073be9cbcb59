import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StoredEvent } from '../../src/index.js'
import { MEMORY_EVENT_TYPES } from '../../src/memory/event.js'
import { draftOf, memoryEventOf } from '../../src/memory/stored-event.js'
import { anyData } from '../kit/any-data.js'
import { memoryEvents } from '../kit/memory-events.js'

const place = { topic: 'memory', position: 0, sequence: 0, weight: 1, producer: 'p', producerSeq: 0 }

test('an event comes back from its stored form as it was', () => {
  fc.assert(
    fc.property(memoryEvents, fc.string(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (events, text, bits) => {
      for (const plain of events) {
        const more = { varName: text, typeName: text, threadName: text, modulePath: text, sourceFile: text }
        for (const event of [plain, { ...plain, ...more, callStackHash: bits, timestamp: bits, ptr: bits }]) {
          expect(memoryEventOf({ ...place, ...draftOf(event) })).toStrictEqual(event)
        }
      }
    }),
  )
})

test('whatever else is in a topic is no memory event, and harms nothing', () => {
  const nearly = fc.record(
    { ptr: anyData, size: anyData, threadId: anyData, ns: anyData, toPtr: anyData },
    { requiredKeys: [] },
  )
  const type = fc.constantFrom<string>(...MEMORY_EVENT_TYPES, 'other')
  fc.assert(
    fc.property(type, fc.oneof(anyData, nearly), fc.double(), (name, data, time) => {
      const event = memoryEventOf({ ...place, type: name, data, time } as StoredEvent)
      // Or, by chance, it is one: then it can be recorded as it is.
      expect(event === null ? null : memoryEventOf({ ...place, ...draftOf(event) })).toStrictEqual(event)
    }),
    { numRuns: 2000 },
  )
})
