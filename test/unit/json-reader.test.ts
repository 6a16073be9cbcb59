import fc from 'fast-check'
import { expect, test } from 'vitest'
import { JsonReader, type JsonPart } from '../../src/codec/json-reader.js'

const encoder = new TextEncoder()

function partsOf(bytes: Uint8Array, cuts: readonly number[] = []): JsonPart[] {
  const reader = new JsonReader('events')
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length]
  const parts = at.slice(1).flatMap((end, index) => reader.push(bytes.slice(at[index], end)))
  return [...parts, ...reader.end()]
}

function valuesOf(parts: readonly JsonPart[]): { members: [string, unknown][]; elements: unknown[]; lines: unknown[] } {
  const parsed = (is: JsonPart['is']): unknown[] =>
    parts.filter((part) => part.is === is).map(({ text }) => JSON.parse(text))
  const members = parts.filter(({ is }) => is === 'member')
  return {
    members: members.map(({ name, text }) => [name, JSON.parse(text)]),
    elements: parsed('element'),
    lines: parsed('line'),
  }
}

const anyJson = fc.jsonValue({ noUnicodeString: false })
const cuts = fc.array(fc.nat(10_000), { maxLength: 20 })
const space = fc.constantFrom(undefined, 1, '\t', '\r\n')
const name = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', '"', '\\', '}', ']', ','))

test('any document cut into any pieces gives its members and its elements', () => {
  const document = fc.record({
    before: fc.uniqueArray(fc.tuple(name, anyJson), { selector: ([own]) => own, maxLength: 4 }),
    events: fc.array(anyJson, { maxLength: 6 }),
  })
  fc.assert(
    fc.property(document, space, cuts, ({ before, events }, indent, at) => {
      const members = before.filter(([own]) => own !== 'events')
      const object = Object.fromEntries([...members, ['events', events]])
      const bytes = encoder.encode(JSON.stringify(object, null, indent))
      const values = valuesOf(partsOf(bytes, at))
      expect(values.elements).toStrictEqual(JSON.parse(JSON.stringify(events)))
      expect(new Map(values.members)).toStrictEqual(
        new Map(Object.entries(JSON.parse(JSON.stringify(Object.fromEntries(members))))),
      )
      expect(values.lines).toEqual([])
    }),
  )
})

test('an object and the lines behind it, cut into any pieces, give its members and the lines', () => {
  fc.assert(
    fc.property(
      fc.array(anyJson),
      fc.constantFrom('\n', '\r\n', '\n\n'),
      fc.boolean(),
      cuts,
      (lines, end, last, at) => {
        const text = ['{"a":1}', ...lines.map((line) => JSON.stringify(line))].join(end) + (last ? end : '')
        const values = valuesOf(partsOf(encoder.encode(text), at))
        expect(values.members).toEqual([['a', 1]])
        expect(values.lines).toStrictEqual(JSON.parse(JSON.stringify(lines)))
      },
    ),
  )
})

test('every part tells the line it begins on and its bytes', () => {
  const text = '{\n  "ü": {\n    "deep": [1,\n2]\n  },\n  "events": [\n    {"n":"🎈"},\n    2\n  ]\n}\n'
  const bytes = encoder.encode(text)
  for (let cut = 0; cut <= bytes.length; cut++) {
    const parts = partsOf(bytes, [cut])
    expect(parts.map(({ is, line }) => [is, line])).toEqual([
      ['member', 2],
      ['element', 7],
      ['element', 8],
    ])
    for (const { from, to, text } of parts) expect(new TextDecoder().decode(bytes.slice(from, to))).toBe(text)
  }
})

test('a byte order mark is passed over at the start, and only there', () => {
  expect(valuesOf(partsOf(encoder.encode('\ufeff{"a":1}'), [1, 2])).members).toEqual([['a', 1]])
  expect(() => partsOf(encoder.encode('{\ufeff"a":1}'))).toThrow('a name in quotes was expected')
})

test.each<[what: string, text: string, line: number, reason: string]>([
  ['nothing', '', 1, 'the file is empty'],
  ['space only', ' \n ', 2, 'the file is empty'],
  ['an array', '[1]', 1, 'the file does not begin with an object'],
  ['plain text', 'hello', 1, 'the file does not begin with an object'],
  ['a name without quotes', '{\na:1}', 2, 'a name in quotes was expected'],
  ['no colon', '{"a" 1}', 1, 'no colon follows "a"'],
  ['no value', '{"a":}', 1, 'a value was expected'],
  ['no comma', '{"a":1\n"b":2}', 2, 'no comma follows the value'],
  ['a comma too many', '{"events":[1,]}', 1, 'a value was expected'],
  ['elements without comma', '{"events":[1\n2]}', 2, 'no comma follows the value'],
  ['the array twice', '{"events":[],"events":[]}', 1, '"events" is there twice'],
  ['something behind the object', '{"a":1} x', 1, 'something follows the end of the object'],
  ['a string over two lines', '{"a":"x\ny"}', 1, 'a string is not closed on its line'],
  ['nesting without end', `{"a":${'['.repeat(20_000)}`, 1, 'nests more than 10000 levels deep'],
])('%s is refused with its line and the reason', (_what, text, line, reason) => {
  expect(() => partsOf(encoder.encode(text))).toThrow(
    expect.objectContaining({
      code: 'invalid-file',
      message: expect.stringContaining(reason),
      fault: expect.objectContaining({ line }),
    }),
  )
})

test('a document cut short anywhere is refused', () => {
  const bytes = encoder.encode('{"a":{"b":[1,"x"]},"events":[{"n":1},{"n":"ü"}],"c":12}')
  for (let length = 0; length < bytes.length; length++) {
    expect(() => partsOf(bytes.slice(0, length)), `${length} bytes`).toThrow(
      expect.objectContaining({ code: 'invalid-file' }),
    )
  }
})

test('bytes that are no UTF-8 are refused with the line of their part', () => {
  const bytes = encoder.encode('{"events":[1,\n"?"]}')
  bytes[bytes.indexOf(0x3f)] = 0xff
  expect(() => partsOf(bytes)).toThrow(expect.objectContaining({ fault: expect.objectContaining({ line: 2 }) }))
})
