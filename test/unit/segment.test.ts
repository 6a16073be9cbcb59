import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compressSegment, inflateSegment } from '../../src/codec/compress.js'
import { ColumnBuilder, type Row } from '../../src/codec/column-builder.js'
import { concatColumns, selectRows, type EventColumns } from '../../src/codec/columns.js'
import { openSegment } from '../../src/codec/decode.js'
import { encodeSegment, type PlacedEvents } from '../../src/codec/encode.js'
import { eventsOf } from '../../src/codec/events.js'
import type { StoredEvent } from '../../src/core/event.js'
import { anyData, expectSame } from '../kit/any-data.js'

const row: fc.Arbitrary<Row> = fc.record({
  topic: fc.constantFrom('cart', 'ui', 'größe'),
  type: fc.constantFrom('added', 'removed', 'tick'),
  data: anyData,
  time: fc.double({ noNaN: true, noDefaultInfinity: true }),
  weight: fc.constantFrom(1, 1, 2.5),
  id: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
  meta: fc.option(fc.dictionary(fc.string(), anyData), { nil: undefined }),
})

function columnsOf(rows: readonly Row[], producer = 'p', seq = 0): EventColumns {
  const builder = new ColumnBuilder(producer)
  for (const own of rows) builder.add(own, () => seq++)
  return builder.build()
}

// Positions and sequences with gaps, as erased events leave them.
function place(columns: EventColumns, gaps: readonly number[] = []): PlacedEvents {
  const next = new Map<string, number>()
  let sequence = 100
  const placed = { columns, sequence: new Float64Array(columns.count), position: new Float64Array(columns.count) }
  for (let at = 0; at < columns.count; at++) {
    const topic = columns.topics[columns.topic?.[at] ?? 0]!
    const skip = gaps[at % gaps.length] ?? 0
    placed.sequence[at] = sequence += 1 + skip
    placed.position[at] = (next.get(topic) ?? 0) + skip
    next.set(topic, placed.position[at]! + 1)
  }
  return placed
}

function throughSegments(placed: PlacedEvents): StoredEvent[] {
  const events: StoredEvent[] = []
  for (let from = 0; from < placed.columns.count;) {
    const segment = encodeSegment(placed, from, 1)
    events.push(...eventsOf(openSegment(segment), null))
    from += segment.count
  }
  return events
}

test('events come back from segments as they were recorded', () => {
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 20 }),
      fc.array(fc.constantFrom(0, 0, 3), { maxLength: 5 }),
      (rows, gaps) => {
        const placed = place(columnsOf(rows), gaps)
        const events = throughSegments(placed)
        expect(events).toHaveLength(rows.length)
        events.forEach((event, at) => {
          const { id, meta, data, ...rest } = rows[at]!
          expectSame(event, {
            ...rest,
            data: structuredClone(data),
            ...(id === undefined ? {} : { id }),
            ...(meta === undefined ? {} : { meta: structuredClone(meta) }),
            position: placed.position[at],
            sequence: placed.sequence[at],
            producer: 'p',
            producerSeq: at,
          })
        })
      },
    ),
  )
})

test('rows added at once are the columns of rows added one by one', () => {
  const between = fc.constantFrom<unknown>({ a: [{}, {}] }, { text: '},{' }, { '},{': 1 }, {}, { n: 1, s: 'x' })
  const rows = fc.array(fc.tuple(row, fc.option(between, { nil: undefined }), fc.boolean()), { maxLength: 40 })
  fc.assert(
    fc.property(rows, (given) => {
      const all = given.map(([own, object, bare]) => ({
        ...own,
        ...(object === undefined ? {} : { data: object }),
        ...(bare ? { meta: undefined } : {}),
      }))
      const builder = new ColumnBuilder('p')
      let seq = 0
      builder.addAll(all, () => seq++)
      expect(builder.build()).toEqual(columnsOf(all))
    }),
  )
})

test('running numbers that do not count up come back as they were, though the last is as far from the first', () => {
  const same: Row = { topic: 't', type: 'x', data: 1, time: 0, weight: 1, id: undefined, meta: undefined }
  const columns = { ...columnsOf([same, same, same]), producerSeq: Float64Array.of(0, 5, 2) }
  expect(throughSegments(place(columns)).map(({ producerSeq }) => producerSeq)).toEqual([0, 5, 2])
})

test('joined batches of several producers read like the batches, and chosen rows like those rows', () => {
  const rows = fc.array(row, { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(rows, rows, (one, two) => {
      const parts = [columnsOf(one, 'a', 7), columnsOf(two, 'b', 3)]
      const joined = throughSegments(place(concatColumns(parts)))
      expect(joined.map(({ producer, producerSeq }) => [producer, producerSeq])).toEqual([
        ...one.map((_, at) => ['a', 7 + at]),
        ...two.map((_, at) => ['b', 3 + at]),
      ])
      expectSame(
        joined.map(({ data }) => data),
        [...one, ...two].map(({ data }) => structuredClone(data)),
      )
      const odd = parts[0]!.producerSeq.length > 1 ? [1] : [0]
      const [chosen] = throughSegments(place(selectRows(parts[0]!, odd)))
      expectSame(chosen!.data, structuredClone(one[odd[0]!]!.data))
    }),
  )
})

test('text outside ASCII fills segments without being cut', () => {
  const rows = Array.from({ length: 300 }, (_, n): Row => {
    return {
      topic: 't',
      type: 'x',
      data: `${n} ${'漢字🎈'.repeat(100)}`,
      time: n,
      weight: 1,
      id: undefined,
      meta: undefined,
    }
  })
  const events = throughSegments(place(columnsOf(rows)))
  expect(events.map(({ data }) => data)).toEqual(rows.map(({ data }) => data))
})

test('an event larger than a segment gets one of its own', () => {
  const big = '🎈'.repeat(500_000)
  const rows = ['a', big, 'b'].map((data): Row => {
    return { topic: 't', type: 'x', data, time: 0, weight: 1, id: undefined, meta: undefined }
  })
  expect(throughSegments(place(columnsOf(rows))).map(({ data }) => data)).toEqual(['a', big, 'b'])
})

test('a segment stays below the size at which a browser moves it to a file', () => {
  const rows = Array.from({ length: 5000 }, (_, n): Row => {
    return { topic: 't', type: 'x', data: { n }, time: n, weight: 1, id: `id-${n}`, meta: { n } }
  })
  const placed = place(columnsOf(rows))
  for (let from = 0; from < placed.columns.count;) {
    const segment = encodeSegment(placed, from, 1)
    expect(segment.bytes.byteLength).toBeLessThan(65_536)
    from += segment.count
  }
})

test('a segment is deflated where that saves a third, and left as it is where it does not', async () => {
  let seed = 1
  // Six bits in each character: deflating saves a quarter.
  const noise = (): string => {
    seed = (seed * 48271) % 2147483647
    return 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-'[(seed >> 8) & 63]!
  }
  const packed = async (data: string) => {
    const { bytes } = encodeSegment(
      place(columnsOf([{ topic: 't', type: 'x', data, time: 5, weight: 1, id: undefined, meta: undefined }])),
      0,
      1,
    )
    return { bytes, packed: await compressSegment({ bytes }) }
  }
  expect((await packed(Array.from({ length: 20_000 }, noise).join(''))).packed).toBeNull()
  const repeated = await packed('tea and mugs '.repeat(1500))
  expect(repeated.packed!.bytes.byteLength).toBeLessThan(repeated.bytes.byteLength / 10)
  expect((await inflateSegment(repeated.packed!)).bytes).toEqual(repeated.bytes)
})

test('any flipped byte is found, and a later format is told from damage', () => {
  const placed = place(columnsOf([{ topic: 't', type: 'x', data: { n: 1 }, time: 5, weight: 1, id: 'i', meta: {} }]))
  const { bytes } = encodeSegment(placed, 0, 1)
  for (let at = 0; at < bytes.byteLength; at++) {
    const damaged = bytes.slice(0)
    new Uint8Array(damaged)[at]! ^= 0x10
    if (at === 7) continue // unused
    expect(() => openSegment({ bytes: damaged }), `byte ${at}`).toThrow(/damaged|later version/)
  }
  const later = bytes.slice(0)
  new DataView(later).setUint16(4, 2, true)
  expect(() => openSegment({ bytes: later })).toThrow(expect.objectContaining({ code: 'incompatible' }))
  expect(() => openSegment({ bytes: bytes.slice(0, 40) })).toThrow(expect.objectContaining({ code: 'corrupt' }))
})
