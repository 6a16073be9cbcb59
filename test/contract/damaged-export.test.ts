import { describeEachGround } from '../kit/grounds.js'
import { describe, expect, test } from 'vitest'
import { openExport, openStore, type StoreExport } from '../../src/index.js'

type Json = Record<string, unknown>

const header: Json = {
  format: 'tabscribe',
  version: 1,
  store: 'shop',
  exportedAt: 1,
  sequence: 9,
  topics: [{ name: 't', first: 0, next: 3, count: 3, bytes: 3, firstTime: 1, lastTime: 3 }],
}

const events: Json[] = [0, 1, 2].map((n) => ({
  topic: 't',
  position: n,
  sequence: n,
  type: 'x',
  time: n,
  producer: 'p',
  producerSeq: n,
  data: n,
}))

interface Hostile {
  what: string
  text: string
  line?: number
  event?: number
  reason: string
}

const json = (change: { header?: Json; events?: unknown[] }): string =>
  JSON.stringify({ ...header, ...change.header, events: change.events ?? events }, null, 1)

const ndjson = (lines: readonly string[], count?: number): string =>
  [JSON.stringify({ ...header, ...(count === undefined ? {} : { count }) }), ...lines].join('\n')

const whole = json({}).split('\n').length

const lines = events.map((event) => JSON.stringify(event))
const withEvent = (at: number, change: Json): unknown[] => events.toSpliced(at, 1, { ...events[at], ...change })
const without = (object: Json, name: string): Json =>
  Object.fromEntries(Object.entries(object).filter(([key]) => key !== name))

const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels))
const nestedMaps = (levels: number): string => '{"$":["Set",['.repeat(levels) + ']]}'.repeat(levels)

// One field at a time: the second event is not what an event is.
const fields: [field: string, value: unknown, reason: string][] = [
  ['topic', 7, '"topic" must be a string of 1 to 256 characters, not 7'],
  ['topic', '', '"topic" must be a string of 1 to 256 characters'],
  ['topic', 't'.repeat(257), 'not a string of 257 characters'],
  ['type', null, '"type" must be a string of 1 to 1024 characters, not null'],
  ['position', -1, '"position" must be a whole number, not -1'],
  ['position', '1', '"position" must be a whole number'],
  ['sequence', 1.5, '"sequence" must be a whole number, not 1.5'],
  ['sequence', 2 ** 53, '"sequence" must be a whole number'],
  ['time', 'noon', '"time" must be a finite number'],
  ['time', null, '"time" must be a finite number, not null'],
  ['weight', 0, '"weight" must be a positive number, not 0'],
  ['weight', [], '"weight" must be a finite number, not an array'],
  ['producer', {}, '"producer" must be a string'],
  ['producerSeq', true, '"producerSeq" must be a whole number, not true'],
  ['id', 1, '"id" must be a string'],
  ['meta', [], '"meta" must be an object, not an array'],
  ['meta', { $: ['bigint', '1'] }, '"meta" must be an object, not 1'],
  ['data', { $: ['nonsense'] }, '"data" cannot be read: TypeError: Unknown tag'],
  ['data', { $: 'no list' }, '"data" cannot be read: TypeError: A tagged value is not a list'],
  ['data', { $: ['bigint', 'x'] }, '"data" cannot be read: SyntaxError'],
  ['data', { $: ['undefined'], more: 1 }, 'a tagged value has more than its tag'],
  ['data', { $: ['Array', -1, []] }, '"data" cannot be read: RangeError'],
  ['data', { $: ['Map', 5] }, '"data" cannot be read: TypeError'],
  ['data', { $: ['Float64Array', 'AAA='] }, '"data" cannot be read: RangeError'],
  ['data', { $: ['Uint8Array', '?'] }, '"data" cannot be read'],
  ['data', { $: ['RegExp', '(', ''] }, '"data" cannot be read: SyntaxError'],
  ['extra', 1, 'the event has a field this version does not know: "extra"'],
]

const headers: [what: string, change: Json, reason: string][] = [
  ['another format', { format: 'other' }, 'it is no export of tabscribe: "format" is \'other\''],
  ['a version of zero', { version: 0 }, '"version" must be a version number, not 0'],
  ['a version in words', { version: 'one' }, '"version" must be a version number'],
  ['no store', { store: null }, '"store" must be a name, not null'],
  ['a time in words', { exportedAt: 'now' }, '"exportedAt" must be a time in milliseconds'],
  ['a fractional sequence', { sequence: 1.5 }, '"sequence" must be a whole number from -1 on'],
  ['topics that are none', { topics: {} }, '"topics" must be an array, not an object'],
  ['a topic without a name', { topics: [{}] }, '"topics[].name" must be a name, not missing'],
  ['a topic twice', { topics: [1, 2].map(() => (header['topics'] as Json[])[0]) }, "topic 't' is there twice"],
  ['a field of a later version', { future: 1 }, 'its header has a field version 1 does not know: "future"'],
  ['counters that are none', { counters: 5 }, '"counters" must be an object, not 5'],
]

const hostile: Hostile[] = [
  { what: 'an empty file', text: '', line: 1, reason: 'the file is empty' },
  { what: 'plain text', text: 'hello\nworld', line: 1, reason: 'the file does not begin with an object' },
  { what: 'an empty object', text: '{}', line: 1, reason: 'it is no export of tabscribe: "format" is missing' },
  { what: 'another JSON file', text: '{"events":[1]}', line: 1, reason: 'it is no export of tabscribe' },
  { what: 'no events', text: JSON.stringify(header), reason: 'it has no "events"' },
  { what: 'events that are no array', text: JSON.stringify({ ...header, events: {} }), line: 1, reason: '"events"' },
  { what: 'a null event', text: json({ events: [null] }), event: 1, reason: 'an event must be an object, not null' },
  ...fields.flatMap(([field, value, reason]): Hostile[] => [
    {
      what: `an event whose ${field} is ${JSON.stringify(value).slice(0, 30)}`,
      text: json({ events: withEvent(1, { [field]: value }) }),
      event: 2,
      reason,
    },
    {
      what: `a line whose ${field} is ${JSON.stringify(value).slice(0, 30)}`,
      text: ndjson(withEvent(1, { [field]: value }).map((event) => JSON.stringify(event))),
      line: 3,
      event: 2,
      reason,
    },
  ]),
  ...['topic', 'type', 'time', 'position', 'sequence', 'producer', 'producerSeq'].map((field) => ({
    what: `an event without ${field}`,
    text: ndjson([JSON.stringify(without(events[0]!, field))]),
    line: 2,
    event: 1,
    reason: `"${field}" must be`,
  })),
  ...headers.flatMap(([what, change, reason]): Hostile[] => [
    { what: `${what} in JSON`, text: json({ header: change }), line: 1, reason },
    {
      what: `${what} in NDJSON`,
      text: [JSON.stringify({ ...header, ...change }), ...lines].join('\n'),
      line: 1,
      reason,
    },
  ]),
  {
    what: 'a __proto__ among the fields of an event',
    text: ndjson([lines[0]!, lines[1]!.replace('{', '{"__proto__":{"topic":"t"},')]),
    line: 3,
    event: 2,
    reason: 'the event has a field this version does not know: "__proto__"',
  },
  {
    what: 'a __proto__ that stands in for the fields of an event',
    text: ndjson(['{"__proto__":{"topic":"t","type":"x"}}']),
    line: 2,
    reason: '"__proto__"',
  },
  {
    what: 'a __proto__ in the header',
    text: JSON.stringify({ ...header, events }).replace('{', '{"__proto__":{"format":"tabscribe"},'),
    line: 1,
    reason: 'its header has a field version 1 does not know: "__proto__"',
  },
  {
    what: 'a line twice',
    text: ndjson([lines[0]!, lines[1]!, lines[1]!, lines[2]!]),
    line: 4,
    reason: 'sequence 1 is there twice',
  },
  {
    what: 'a line twice, apart',
    text: ndjson([...lines, lines[1]!]),
    line: 5,
    reason: 'sequence 1 is out of order after 2',
  },
  { what: 'an event twice', text: json({ events: [...events, events[0]] }), event: 4, reason: 'out of order' },
  {
    what: 'a position twice',
    text: json({ events: withEvent(2, { position: 1 }) }),
    event: 3,
    reason: "position 1 of topic 't' is out of order after 1",
  },
  {
    what: 'a file cut short between two lines',
    text: ndjson(lines.slice(0, 2), 3),
    reason: 'it says it holds 3 events but holds 2',
  },
  { what: 'a line cut short', text: ndjson(lines).slice(0, -20), line: 4, event: 3, reason: 'it is not JSON' },
  {
    what: 'a line too many',
    text: ndjson([...lines, '{"counters":{}}', '{}']),
    line: 6,
    reason: 'something follows the counters',
  },
  { what: 'two events on a line', text: ndjson([lines[0]! + lines[1]!]), line: 2, event: 1, reason: 'it is not JSON' },
  {
    what: 'an array of lines',
    text: ndjson([`[${lines.join(',')}]`]),
    line: 2,
    reason: 'an event must be an object, not an array',
  },
  {
    what: 'something behind the object',
    text: `${json({})} x`,
    line: whole,
    reason: 'something follows the end of the object',
  },
  {
    what: 'something behind the object, later',
    text: `${json({})}\n\nx`,
    line: whole + 2,
    reason: 'something follows the end of the export',
  },
  {
    what: 'a second object',
    text: `${json({})}\n${json({})}`,
    line: whole + 1,
    reason: 'something follows the end of the export',
  },
  { what: 'a byte order mark in the middle', text: ndjson([`\ufeff${lines[0]}`]), line: 2, reason: 'it is not JSON' },
  {
    what: 'a comma too many',
    text: json({}).replace(/\}\n \]\n\}$/, '},\n ]\n}'),
    line: whole - 1,
    reason: 'a value was expected',
  },
  {
    what: 'nesting without end',
    text: `{"events":[${'['.repeat(50_000)}`,
    line: 1,
    reason: 'nests more than 10000 levels',
  },
  { what: 'names that are no JSON', text: '{"\\x":1}', line: 1, reason: 'is not JSON' },
  {
    what: 'data that nests too deep to be read',
    text: ndjson([lines[0]!.replace('"data":0', `"data":${nestedMaps(30_000)}`)]),
    line: 2,
    event: 1,
    reason: '"data" cannot be read: it nests too deep',
  },
]

describe('hostile files', () => {
  test.each(hostile)('$what is refused with its line and the reason', async ({ text, line, event, reason }) => {
    const error = await openExport(new Blob([text])).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'invalid-file', message: expect.stringContaining(reason) })
    expect((error as { fault: Json }).fault).toMatchObject({
      reason: expect.stringContaining(reason),
      ...(line === undefined ? {} : { line }),
      ...(event === undefined ? {} : { event }),
    })
    expect((error as Error).message).toContain(line === undefined ? 'ile' : `Line ${line} of the file`)
  })

  test('a file cut short anywhere is refused, in both formats', { timeout: 30_000 }, async () => {
    const store = await openStore('cut-short', { storage: 'memory', host: 'inline' })
    for (let n = 0; n < 3; n++) store.topic('t').record('x', { n, text: 'ü' })
    for (const options of [{ format: 'json' }, { format: 'ndjson' }, { format: 'json', pretty: true }] as const) {
      const bytes = new Uint8Array(await (await store.export(options)).arrayBuffer())
      const end = new TextDecoder().decode(bytes).trimEnd().length + 3
      for (let length = 0; length < end; length++) {
        const cut = new Blob([bytes.slice(0, length)])
        await expect(openExport(cut), `${length} bytes`).rejects.toMatchObject({ code: 'invalid-file' })
      }
      await (await openExport(new Blob([bytes]))).close()
    }
    await store.close()
  })

  test.each(['json', 'ndjson'])('a later version of %s is incompatible, whatever is wrong with it', async (format) => {
    const later = { ...header, version: 2, future: true }
    const odd = [{ future: 1 }]
    const text =
      format === 'json' ? JSON.stringify({ ...later, events: odd }) : `${JSON.stringify(later)}\n{"future":1}\n`
    const incompatible = { code: 'incompatible', fault: { version: 2, supported: 1, retry: 'after-reload' } }
    await expect(openExport(new Blob([text]))).rejects.toMatchObject(incompatible)
    const behind = JSON.stringify({ events: odd, ...later })
    await expect(openExport(new Blob([behind]))).rejects.toMatchObject(incompatible)
  })

  test('keys named __proto__ inside data stay keys', async () => {
    const data = '{"__proto__":{"polluted":true},"constructor":{"$":["undefined"]}}'
    const archive = await openExport(new Blob([ndjson([lines[0]!.replace('"data":0', `"data":${data}`)])]))
    const [event] = await archive.read()
    expect(Object.getOwnPropertyNames(event!.data)).toEqual(['__proto__', 'constructor'])
    expect(Object.getPrototypeOf(event!.data)).toBe(Object.prototype)
    expect(({} as Json)['polluted']).toBeUndefined()
  })

  test('numbers that JSON.stringify cannot say survive', async () => {
    const data = '[-0,1e999,-1e999,0]'
    const archive = await openExport(new Blob([ndjson([lines[0]!.replace('"data":0', `"data":${data}`)])]))
    expect((await archive.read())[0]!.data).toStrictEqual([-0, Infinity, -Infinity, 0])
  })

  test('what nests as deep as can be recorded is read', async () => {
    const store = await openStore('nested', { storage: 'memory', host: 'inline' })
    store.topic('t').record('x', nested(500))
    const archive = await openExport(await store.export())
    expect((await archive.read())[0]!.data).toEqual(nested(500))
    await store.close()
  })

  test.each<[what: string, file: unknown, code: string]>([
    ['a text', 'x', 'invalid-argument'],
    ['null', null, 'invalid-argument'],
    ['an object without events', { ...header }, 'invalid-file'],
    ['an object with a wrong event', { ...header, events: [{ ...events[0], time: 'x' }] }, 'invalid-file'],
    ['a later version', { ...header, version: 3, events: [] }, 'incompatible'],
    ['an object that is no JSON', { ...header, events: [{ ...events[0], data: 1n }] }, 'invalid-file'],
  ])('openExport refuses %s', async (_what, file, code) => {
    await expect(openExport(file as StoreExport)).rejects.toMatchObject({ code })
  })
})

describeEachGround((ground) => {
  test('a file with anything wrong in it changes nothing', async () => {
    const store = await ground.open()
    store.topic('t').record('x', 'before')
    await store.flush()
    const [before, topics] = [await store.read(), await store.topics()]
    const good = JSON.stringify({ ...events[0], topic: 'new' })
    const texts = [
      ndjson([good, lines[1]!.replace('"time":1', '"time":"noon"')]),
      ndjson([good, lines[1]!.slice(0, -1)]),
      JSON.stringify({ ...header, events: [...events, null] }),
      `${JSON.stringify({ ...header, events })}x`,
      JSON.stringify({ ...header, version: 2, events }),
    ]
    for (const text of texts) {
      const failed = store.import(new Blob([text]))
      await expect(failed).rejects.toMatchObject({ code: expect.stringMatching(/^(invalid-file|incompatible)$/) })
      await expect(failed).rejects.toThrow('Nothing was imported.')
    }
    expect(await store.read()).toEqual(before)
    expect(await store.topics()).toEqual(topics)
    expect(await store.topic('t').append({ type: 'x', data: 1 })).toMatchObject({ first: 1, firstSequence: 1 })
  })
})
