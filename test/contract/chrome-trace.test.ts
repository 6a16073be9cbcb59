import { expect, test } from 'vitest'
import { openStore, type Store } from '../../src/index.js'

interface TraceEvent {
  name: string
  ph: string
  ts: number
  pid: number
  tid: number
  s?: string
  cat?: string
  args: Record<string, unknown>
}

let lastStore = 0

async function open(): Promise<Store> {
  return openStore(`trace-${++lastStore}`, { storage: 'memory', host: 'inline' })
}

async function traceOf(store: Store): Promise<TraceEvent[]> {
  const trace = JSON.parse(await (await store.export({ format: 'chrome-trace' })).text()) as {
    traceEvents: TraceEvent[]
  }
  return trace.traceEvents
}

test('one instant an event, in the order of their times, with every field that viewers ask for', async () => {
  const store = await open()
  const times: number[] = []
  for (let n = 0; n < 3000; n++) {
    times.push(1_700_000_000_000 + ((n * 7919) % 3000) + 0.25)
    store.topic(`t${n % 3}`).record('x', { n }, { time: times.at(-1)! })
  }
  const trace = await traceOf(store)
  const instants = trace.filter(({ ph }) => ph === 'i')
  expect(instants).toHaveLength(3000)
  expect(trace).toHaveLength(3000 + 4)
  expect(trace.map(({ ts }) => ts)).toEqual(trace.map(({ ts }) => ts).toSorted((a, b) => a - b))
  expect(instants.map(({ ts }) => ts)).toEqual(times.toSorted((a, b) => a - b).map((time) => time * 1000))
  for (const event of instants) {
    expect(event).toEqual({
      name: 'x',
      cat: expect.stringMatching(/^t\d$/),
      ph: 'i',
      ts: expect.any(Number),
      pid: 1,
      tid: expect.any(Number),
      s: 't',
      args: expect.objectContaining({ data: { n: expect.any(Number) }, producer: store.producer }),
    })
  }
  const names = trace.filter(({ ph }) => ph === 'M')
  expect(names.map(({ name, args }) => [name, args['name']])).toEqual([
    ['process_name', store.name],
    ['thread_name', 't0'],
    ['thread_name', 't1'],
    ['thread_name', 't2'],
  ])
  for (const { tid, cat } of instants) expect(names.find((name) => name.tid === tid)?.args['name']).toBe(cat)
  await store.close()
})

test('what JSON cannot hold is a readable text', async () => {
  const store = await open()
  const cyclic: Record<string, unknown> = { a: 1 }
  cyclic['self'] = cyclic
  const data = {
    big: 129n,
    none: undefined,
    numbers: [NaN, -0, Infinity, 1],
    map: new Map<unknown, unknown>([['k', new Set([1, 2n])]]),
    date: new Date(0),
    bad: new Date(NaN),
    pattern: /a.b/gi,
    bytes: new Uint8Array([1, 2]),
    buffer: new Uint8Array([3]).buffer,
    error: new TypeError('broken'),
    blob: new Blob(['x']),
    cyclic,
  }
  store.topic('t').record('x', data, { meta: { big: 1n }, weight: 2, id: 'i' })
  store.topic('t').record('y')
  const [, , first, second] = await traceOf(store)
  expect(first!.args).toMatchObject({
    data: {
      big: '129n',
      none: 'undefined',
      numbers: ['NaN', '-0', 'Infinity', 1],
      map: [['k', [1, '2n']]],
      date: '1970-01-01T00:00:00.000Z',
      bad: 'Invalid Date',
      pattern: '/a.b/gi',
      bytes: 'Uint8Array [1,2]',
      buffer: 'ArrayBuffer [3]',
      error: 'TypeError: broken',
      blob: '[Blob]',
      cyclic: { a: 1, self: '[circular]' },
    },
    meta: { big: '1n' },
    weight: 2,
    id: 'i',
  })
  expect(second!.args['data']).toBe('undefined')
  await store.close()
})

test('queries and redact apply, and a trace of nothing is still a trace', async () => {
  const store = await open()
  for (let n = 0; n < 10; n++) store.topic('t').record('x', n, { time: n - 5 })
  const numbers = async (options: object) => {
    const text = await (await store.export({ format: 'chrome-trace', ...options })).text()
    const { traceEvents } = JSON.parse(text) as { traceEvents: TraceEvent[] }
    return traceEvents.filter(({ ph }) => ph === 'i').map(({ args }) => args['data'])
  }
  expect(await numbers({ direction: 'backward', limit: 3 })).toEqual([7, 8, 9])
  expect(
    await numbers({ redact: (event: { data: number }) => (event.data % 2 ? null : { ...event, data: 0 }) }),
  ).toEqual([0, 0, 0, 0, 0])
  expect(await numbers({ limit: 0 })).toEqual([])
  expect((await traceOf(store)).map(({ ts }) => ts)).toEqual([
    -5000, -5000, -5000, -4000, -3000, -2000, -1000, 0, 1000, 2000, 3000, 4000,
  ])
  await store.close()
})
