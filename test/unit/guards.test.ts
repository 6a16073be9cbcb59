import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyData } from '../kit/any-data.js'
import { ColumnBuilder } from '../../src/codec/column-builder.js'
import { countsIn, withoutCounts } from '../../src/codec/counts.js'
import { openSegment } from '../../src/codec/decode.js'
import { encodeSegment } from '../../src/codec/encode.js'
import { eventsOf } from '../../src/codec/events.js'
import type { Constraint } from '../../src/fold/counter/limit.js'
import { isHello, isSubmission, WRITER_METHODS } from '../../src/protocol/guards.js'
import type { Hello, ReadRequest, Submission } from '../../src/protocol/writer-api.js'
import { requestFor } from '../../src/protocol/writer-api.js'

const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
  key: fc.oneof(fc.string(), fc.constantFrom('__proto__', 'columns', 'topics', 'count', 'all', 'length')),
})

test.each(Object.keys(WRITER_METHODS) as (keyof typeof WRITER_METHODS)[])(
  'arguments of %s are taken or refused, whatever they are',
  (method) => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 4 }), (args) => {
        expect(WRITER_METHODS[method](args)).toBeTypeOf('boolean')
      }),
      { numRuns: 200 },
    )
  },
)

const hello: Hello = {
  protocol: 1,
  store: 's',
  producer: 'p',
  session: 's',
  storage: 'auto',
  settings: [{ at: 1, retention: { maxEvents: 1 }, topics: [['t', { retention: { maxBytes: 1 } }]] }],
  witness: { database: 'd', epoch: 1, nextSequence: 2, topics: [['t', 1]] },
}

function submissionOf(data: readonly unknown[]): Submission {
  const builder = new ColumnBuilder('p')
  let seq = 0
  for (const [n, own] of data.entries()) {
    const meta = n % 3 === 0 ? { n } : undefined
    const row = {
      topic: `t${n % 2}`,
      type: 'a',
      data: own,
      time: n,
      weight: 1 + (n % 2),
      id: n % 4 === 0 ? `${n}` : undefined,
      meta,
    }
    builder.add(row, () => seq++)
  }
  return { columns: builder.build(), append: null, limit: null, durability: 'relaxed', tally: null }
}

function limited() {
  const builder = new ColumnBuilder('p')
  builder.addCounts([['x', 5, 1]], 0)
  const constraints: Constraint[] = [
    { is: 'atMost', id: 'x', limit: 1, windowMs: 5 },
    { is: 'during', schedule: { hours: [9, 17], timeZone: 'UTC' } },
  ]
  const limit = { do: 'reserve', plan: { id: 'x', constraints }, reservation: 'r', ttlMs: 5 } as const
  return { columns: builder.build(), append: null, limit, durability: 'relaxed', tally: null } satisfies Submission
}

const read: ReadRequest = requestFor({ topics: ['t'], where: [{ in: 'data', path: ['a'], value: 1 }] })

type Path = (string | number)[]

function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [path]
  return [path, ...Object.entries(value).flatMap(([key, own]) => pathsIn(own, [...path, key]))]
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string, unknown>
  copy[key] = replaced(copy[key], rest, by)
  return copy
}

test.each<[what: string, valid: unknown, guard: (value: unknown) => boolean]>([
  ['a hello', hello, isHello],
  ['a submission', submissionOf([1, { a: new Date(0) }, 'x']), isSubmission],
  ['a read', read, (value) => WRITER_METHODS.read([value])],
  ['what counts under a limit', limited(), isSubmission],
  [
    'counter options',
    { at: 1, counters: { track: { hour: 2 }, timeZone: 'UTC', maxIds: 5 } },
    (value) => WRITER_METHODS.configure([value]),
  ],
  [
    'a question about buckets',
    ['buckets', [[['a'], ['b']], { unit: 'hour', start: 0, end: 5 }]],
    (value) => WRITER_METHODS.counterAsk([value].flat()),
  ],
  ['a question about a limit', ['check', [limited().limit.plan]], (value) => WRITER_METHODS.counterAsk([value].flat())],
  ['a balance', ['balance', ['a', 'b'], 7], (value) => WRITER_METHODS.counterDo([value].flat())],
  [
    'a checkpoint asked for',
    { projection: { name: 'p', version: 1, topics: ['t'] }, before: 5, snapshot: 's' },
    (value) => WRITER_METHODS.checkpoint([value]),
  ],
  [
    'a checkpoint to keep',
    [
      { name: 'p', version: 1, topics: null },
      { end: 5, sequence: 4, state: new Map() },
      { database: 'd', epoch: 1, removals: 0 },
    ],
    (value) => WRITER_METHODS.keepCheckpoint([value].flat()),
  ],
  [
    'a timeline',
    {
      by: 'type',
      topics: null,
      types: ['x'],
      where: [],
      since: 1,
      until: null,
      buckets: 9,
      everyMs: null,
      sequences: [0, 5],
      isPrompt: false,
    },
    (value) => WRITER_METHODS.timeline([value]),
  ],
])('%s passes, and with any part of it replaced it is taken or refused', (_what, valid, guard) => {
  expect(guard(valid)).toBe(true)
  fc.assert(
    fc.property(fc.constantFrom(...pathsIn(valid)), anything, (path, by) => {
      expect(guard(replaced(valid, path, by))).toBeTypeOf('boolean')
    }),
    { numRuns: 2_000 },
  )
})

// One column of numbers, or the text, changed in a place.
function mutated({ columns, ...rest }: Submission, column: string, at: number, by: number): unknown {
  const own = (columns as unknown as Record<string, unknown>)[column]
  let changed: unknown = own
  if (typeof own === 'string') {
    const place = at % Math.max(1, own.length)
    changed = own.slice(0, place) + String.fromCharCode(by % 0x10000) + own.slice(place + 1)
  } else if (ArrayBuffer.isView(own)) {
    const copy = (own as Float64Array).slice()
    copy[at % copy.length] = by
    changed = copy
  } else if (Array.isArray(own)) {
    const copy = [...(own as unknown[])]
    copy[at % copy.length] = String.fromCharCode(by % 0x10000)
    changed = copy
  }
  return { ...rest, columns: { ...columns, [column]: changed } }
}

test('what passes is stored and read, however it was changed: as many events as there were', () => {
  const columns = [
    'topics',
    'types',
    'topic',
    'type',
    'producerSeq',
    'time',
    'weight',
    'kind',
    'text',
    'ends',
    'ids',
    'metas',
  ]
  fc.assert(
    fc.property(
      fc.array(anyData, { minLength: 1, maxLength: 8 }),
      fc.constantFrom(...columns),
      fc.nat(),
      fc.oneof(fc.nat(3), fc.nat()),
      (data, column, at, by) => {
        const submission = mutated(submissionOf(data), column, at, by)
        if (!isSubmission(submission)) return
        const { columns: submitted } = submission
        const counted = countsIn(submitted)
        const columns = counted ? withoutCounts(submitted) : submitted
        const sequence = Float64Array.from({ length: columns.count }, (_, row) => row)
        const events: unknown[] = []
        for (let from = 0; from < columns.count;) {
          const { count, ...stored } = encodeSegment({ columns, sequence, position: sequence }, from, 1)
          events.push(...eventsOf(openSegment(stored), null))
          expect(eventsOf(openSegment(stored), [0])).toHaveLength(1)
          from += count
        }
        expect(events).toHaveLength(data.length - (counted ? 1 : 0))
      },
    ),
    { numRuns: 2_000 },
  )
}, 60_000)

const forged: [what: string, part: Path, by: unknown][] = [
  ['points beyond its topics', ['columns', 'topic'], Uint32Array.of(0, 2)],
  ['has an index for fewer events', ['columns', 'topic'], Uint32Array.of(0)],
  ['has a topic twice', ['columns', 'topics'], ['t0', 't0']],
  ['is of two producers', ['columns', 'producers'], ['p', 'q']],
  ['numbers an event twice', ['columns', 'producerSeq'], Float64Array.of(1, 1)],
  ['has a time that is none', ['columns', 'time'], Float64Array.of(1, NaN)],
  ['has texts that end before they begin', ['columns', 'ends'], Uint32Array.of(2, 1)],
  ['has more text than it says', ['columns', 'text'], '1,2,3'],
  ['has data of an unknown kind', ['columns', 'kind'], Uint8Array.of(0, 4)],
  ['counts what is no list', ['columns', 'kind'], Uint8Array.of(0, 3)],
  ['has fewer ids than events', ['columns', 'ids'], ['a']],
  ['is appended to another topic', ['append'], { topic: 't9', expect: null }],
  ['knows no such durability', ['durability'], 'eventual'],
  ['commits a slot without a name', ['limit'], { do: 'commit', reservation: '' }],
]

test.each(forged)('a submission is refused that %s', (_, part, by) => {
  const submission = submissionOf([1, 2])
  expect(isSubmission(submission)).toBe(true)
  expect(isSubmission(replaced(submission, part, by))).toBe(false)
})
