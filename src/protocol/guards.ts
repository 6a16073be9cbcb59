import { startOf, type EventColumns } from '../codec/columns.js'
import { assertCounts, DATA_COUNTS } from '../codec/counts.js'
import { invalidArgument } from '../core/fault.js'
import { assertCounterOptions } from '../fold/counter/check-options.js'
import { assertCommand, assertLimitStep, assertQuestion } from './counter-guards.js'
import type { EventFilter } from './event-filter.js'
import { assertLanesAndBuckets } from './timeline.js'
import type { Hello, ReadRequest, Submission, Witness, WriterMethod } from './writer-api.js'

// What comes in from another context is unknown until it has passed here. Nothing is trusted that a page could forge:
// lengths, ranges and names are checked before anything is indexed, allocated or stored.

type Check = (args: readonly unknown[]) => void

/** Every method a tab may call, and the check of its arguments. Anything else is not answered. */
export const WRITER_METHODS: Record<WriterMethod, Check> = {
  submit: ([submission]) => assertSubmission(submission),
  flush: () => {},
  read: ([request]) => assertReadRequest(request),
  count: ([request]) => assertReadRequest(request),
  topics: () => {},
  configure: ([options]) => assertNamedOptions(options),
  clear: ([topic, seq]) => {
    if (topic !== null) assertName('topic', topic)
    assertPlaces({ seq })
  },
  erase: ([request, seq]) => {
    assertReadRequest(request)
    assertPlaces({ seq })
  },
  importEvents: ([columns, isLast]) => {
    assertColumns(columns, 'any producers')
    if (typeof isLast !== 'boolean') throw invalidArgument('isLast', 'true or false', isLast)
  },
  counterAsk: ([question, args]) => assertQuestion(question, args),
  counterDo: ([command, args, seq]) => {
    assertCommand(command, args)
    assertPlaces({ seq })
  },
  compact: () => {},
  snapshotOpen: ([at, topics]) => {
    if (at !== null) assertNumbers({ at })
    if (topics !== null && !(Array.isArray(topics) && topics.every((name) => typeof name === 'string'))) {
      throw invalidArgument('topics', 'a list of names', topics)
    }
  },
  snapshotInfo: ([id]) => assertName('snapshot', id),
  snapshotClose: ([id]) => assertName('snapshot', id),
  checkpoint: ([query]) => {
    const { projection, before, snapshot } = asObject('query', query)
    assertProjection(projection)
    assertNumbers({ before })
    if (snapshot !== null) assertName('snapshot', snapshot)
  },
  keepCheckpoint: ([projection, checkpoint, mark]) => {
    assertProjection(projection)
    const { end, sequence } = asObject('checkpoint', checkpoint)
    if (sequence !== -1) assertPlaces({ sequence })
    assertPlaces({ end })
    const { database, epoch, removals } = asObject('mark', mark)
    assertName('database', database)
    assertPlaces({ epoch, removals })
  },
  witness: () => {},
  recover: ([bursts]) => {
    if (!Array.isArray(bursts)) throw invalidArgument('bursts', 'a list', bursts)
    for (const burst of bursts) {
      const { columns, session } = asObject('burst', burst)
      assertColumns(columns)
      assertName('session', session)
    }
  },
  faults: ([after]) => assertNumbers({ after }),
  metrics: ([tally]) => assertTally(tally),
  health: () => {},
  overview: () => {},
  timeline: ([request]) => assertTimelineRequest(request),
  searchOpen: ([filter]) => assertFilter(filter),
  searchProgress: ([search, after]) => assertNumbers({ search, after }),
  searchRows: ([search, first, count]) => assertNumbers({ search, first, count }),
  searchRank: ([search, sequence]) => assertNumbers({ search, sequence }),
  searchHistogram: ([search, since, until, buckets]) => {
    assertNumbers({ search, since, until, buckets })
    if (!Number.isInteger(buckets) || (buckets as number) < 1 || (buckets as number) > 100_000) {
      throw invalidArgument('buckets', 'an integer from 1 to 100,000', buckets)
    }
  },
  searchClose: ([search]) => assertNumbers({ search }),
  bye: () => {},
}

export function assertHello(value: unknown): asserts value is Hello {
  const hello = asObject('hello', value)
  assertNumbers({ protocol: hello['protocol'] })
  assertName('store', hello['store'])
  assertName('producer', hello['producer'])
  assertName('session', hello['session'])
  if (hello['storage'] !== 'auto' && hello['storage'] !== 'memory') {
    throw invalidArgument('storage', "'auto' or 'memory'", hello['storage'])
  }
  if (!Array.isArray(hello['settings'])) throw invalidArgument('settings', 'a list', hello['settings'])
  for (const options of hello['settings']) assertNamedOptions(options)
  if (hello['witness'] !== null) assertWitness(hello['witness'])
}

function assertNamedOptions(value: unknown): void {
  const options = asObject('options', value)
  assertNumbers({ at: options['at'] })
  for (const name of ['batchSize', 'batchTimeoutMs']) {
    if (options[name] !== undefined) assertNumbers({ [name]: options[name] })
  }
  if (options['retention'] !== undefined) assertRetention(options['retention'])
  if (options['counters'] !== undefined) assertCounterOptions(options['counters'])
  if (options['topics'] === undefined) return
  if (!Array.isArray(options['topics'])) throw invalidArgument('topics', 'a list', options['topics'])
  for (const topic of options['topics']) {
    if (!Array.isArray(topic)) throw invalidArgument('topics', 'a list of pairs', topic)
    assertName('topic', topic[0])
    const { retention } = asObject('topics', topic[1])
    if (retention !== undefined) assertRetention(retention)
  }
}

/** Limits are positive whole numbers. */
export function assertRetention(value: unknown): void {
  for (const [field, limit] of Object.entries(asObject('retention', value))) {
    if (limit !== undefined && !(Number.isSafeInteger(limit) && (limit as number) > 0)) {
      throw invalidArgument(field, 'a positive whole number', limit)
    }
  }
}

export function assertWitness(value: unknown): asserts value is Witness {
  const { database, epoch, nextSequence, topics } = asObject('witness', value)
  assertName('database', database)
  assertPlaces({ epoch, nextSequence })
  if (!Array.isArray(topics)) throw invalidArgument('topics', 'a list', topics)
  for (const topic of topics) {
    if (!Array.isArray(topic)) throw invalidArgument('topics', 'a list of pairs', topic)
    assertName('topic', topic[0])
    assertPlaces({ next: topic[1] })
  }
}

// A log goes on from them: it must be able to, for longer than anyone will see.
function assertPlaces(fields: Record<string, unknown>): void {
  for (const [field, value] of Object.entries(fields)) {
    if (!Number.isSafeInteger(value) || (value as number) < 0 || (value as number) > 2 ** 52) {
      throw invalidArgument(field, 'a whole number', value)
    }
  }
}

export function assertSubmission(value: unknown): asserts value is Submission {
  const { columns, append, limit, durability, tally } = asObject('submission', value)
  assertColumns(columns)
  if (limit !== null) assertLimitStep(limit)
  if (append !== null) {
    const { topic, expect } = asObject('append', append)
    assertName('topic', topic)
    if (columns.count > 0 && (columns.topics.length !== 1 || columns.topics[0] !== topic)) {
      throw invalidArgument('topics', `['${String(topic)}']`, columns.topics)
    }
    if (expect !== null) assertNumbers({ expect })
  }
  if (durability !== 'relaxed' && durability !== 'strict') {
    throw invalidArgument('durability', "'relaxed' or 'strict'", durability)
  }
  assertTally(tally)
}

/** The columns agree with each other: every index points into its dictionary, every end into the text. */
export function assertColumns(
  value: unknown,
  from: 'one producer' | 'any producers' = 'one producer',
): asserts value is EventColumns {
  const columns = asObject('columns', value)
  const { count, text, ends } = columns
  if (!Number.isInteger(count) || (count as number) < 0) throw invalidArgument('count', 'a whole number', count)
  const rows = count as number
  for (const [name, index] of [
    ['topics', 'topic'],
    ['types', 'type'],
    ['producers', 'producer'],
  ] as const) {
    const names = columns[name]
    if (!Array.isArray(names) || (rows > 0 && names.length === 0)) throw invalidArgument(name, 'a list of names', names)
    for (const own of names) assertName(name, own)
    // Two entries of one name would count its positions twice.
    if (new Set(names).size !== names.length) throw invalidArgument(name, 'a list of different names', names)
    assertIndices(index, columns[index], rows, names.length)
  }
  assertFloats('producerSeq', columns['producerSeq'], rows)
  if (from === 'any producers') assertWhole('producerSeq', columns['producerSeq'] as Float64Array)
  else {
    if ((columns['producers'] as unknown[]).length !== 1) {
      throw invalidArgument('producers', 'one producer', columns['producers'])
    }
    assertRising('producerSeq', columns['producerSeq'] as Float64Array)
  }
  assertFloats('time', columns['time'], rows)
  if (columns['weight'] !== null) assertFloats('weight', columns['weight'], rows)
  const { kind } = columns
  // The last row of a tab's burst may be what it counts.
  const counts = kind instanceof Uint8Array && from === 'one producer' && kind[rows - 1] === DATA_COUNTS
  const isKind = (own: number, row: number): boolean => own <= 2 || (counts && row === rows - 1)
  if (kind !== null && !(kind instanceof Uint8Array && kind.length === rows && kind.every(isKind))) {
    throw invalidArgument('kind', 'a column of 0, 1 and 2', kind)
  }
  if (typeof text !== 'string') throw invalidArgument('text', 'a string', text)
  if (!(ends instanceof Uint32Array) || ends.length !== rows) throw invalidArgument('ends', 'a column', ends)
  let previous = -1
  for (let row = 0; row < rows; row++) {
    const end = ends[row]!
    if (end <= previous) throw invalidArgument('ends', 'rising', end)
    previous = end
  }
  if (text.length !== Math.max(0, previous)) throw invalidArgument('text', `${previous} characters long`, text)
  if (counts) assertCounts(text.slice(startOf(ends, rows - 1)))
  for (const name of ['ids', 'metas'] as const) {
    const column = columns[name]
    const valid = (own: unknown): boolean => own === null || typeof own === 'string'
    if (column !== null && !(Array.isArray(column) && column.length === rows && column.every(valid))) {
      throw invalidArgument(name, 'a column of strings and nulls', column)
    }
  }
  const { attachments } = columns
  if (attachments !== null && !(Array.isArray(attachments) && attachments.length === rows)) {
    throw invalidArgument('attachments', 'a column', attachments)
  }
}

export function assertReadRequest(value: unknown): asserts value is ReadRequest {
  const request = asObject('request', value)
  assertNames('topics', request['topics'])
  assertNames('types', request['types'])
  assertRange('sequences', request['sequences'])
  assertRange('times', request['times'])
  if (request['positions'] !== null) assertRange('positions', request['positions'])
  if (request['snapshot'] !== null) assertName('snapshot', request['snapshot'])
  if (request['direction'] !== 'forward' && request['direction'] !== 'backward') {
    throw invalidArgument('direction', "'forward' or 'backward'", request['direction'])
  }
  assertNumbers({ limit: request['limit'] })
  if (request['removals'] !== null) assertNumbers({ removals: request['removals'] })
  assertWhere(request['where'])
}

function assertTimelineRequest(value: unknown): void {
  const request = asObject('request', value)
  assertLanesAndBuckets(request)
  assertNames('topics', request['topics'])
  assertNames('types', request['types'])
  assertWhere(request['where'])
  assertRange('sequences', request['sequences'])
  if (typeof request['isPrompt'] !== 'boolean') throw invalidArgument('isPrompt', 'true or false', request['isPrompt'])
}

/** Null stands for all. */
function assertNames(field: string, names: unknown): void {
  if (names === null) return
  if (!Array.isArray(names)) throw invalidArgument(field, 'a list of names', names)
  for (const own of names) if (typeof own !== 'string') throw invalidArgument(field, 'a list of names', own)
}

function assertWhere(where: unknown): void {
  if (!Array.isArray(where)) throw invalidArgument('where', 'a list', where)
  for (const term of where) {
    const { path } = asObject('where', term)
    if (!Array.isArray(path) || !path.every((key) => typeof key === 'string')) {
      throw invalidArgument('where', 'a list of paths', path)
    }
  }
}

function assertProjection(value: unknown): void {
  const { name, version, topics } = asObject('projection', value)
  assertName('name', name)
  assertPlaces({ version })
  assertNames('topics', topics)
}

function assertFilter(value: unknown): asserts value is EventFilter {
  const { all } = asObject('filter', value)
  if (!Array.isArray(all) || all.length > 1000) throw invalidArgument('filter', 'a list of terms', all)
  for (const term of all) {
    const { is, match, path, text, time } = asObject('filter', term)
    if (is === 'topic' || is === 'type' || is === 'tab') {
      const { contains, pattern, flags } = asObject('filter', match)
      if (typeof contains === 'string' || (typeof pattern === 'string' && typeof flags === 'string')) continue
    } else if (is === 'text' && typeof text === 'string') continue
    else if ((is === 'since' || is === 'until') && typeof time === 'number') continue
    else if (is === 'value' && Array.isArray(path) && path.every((key) => typeof key === 'string')) continue
    throw invalidArgument('filter', 'made of known terms', is)
  }
}

function assertTally(value: unknown): void {
  if (value === null) return
  const { dropped, withheld, sampled } = asObject('tally', value)
  assertNumbers({ dropped, withheld, sampled })
}

function asObject(field: string, value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw invalidArgument(field, 'an object', value)
  return value as Record<string, unknown>
}

function assertName(field: string, value: unknown): void {
  if (typeof value !== 'string' || value.length === 0 || value.length > 1024) {
    throw invalidArgument(field, 'a name', value)
  }
}

function assertNumbers(fields: Record<string, unknown>): void {
  for (const [field, value] of Object.entries(fields)) {
    if (typeof value !== 'number' || Number.isNaN(value)) throw invalidArgument(field, 'a number', value)
  }
}

function assertRange(field: string, value: unknown): void {
  if (!Array.isArray(value) || value.length !== 2) throw invalidArgument(field, 'a pair of numbers', value)
  assertNumbers({ [field]: value[0] })
  assertNumbers({ [field]: value[1] })
}

function assertFloats(field: string, column: unknown, count: number): void {
  if (!(column instanceof Float64Array) || column.length !== count) throw invalidArgument(field, 'a column', column)
  for (let row = 0; row < count; row++) {
    if (!Number.isFinite(column[row])) throw invalidArgument(field, 'finite', column[row])
  }
}

function assertRising(field: string, column: Float64Array): void {
  let previous = -1
  for (let row = 0; row < column.length; row++) {
    const value = column[row]!
    if (!Number.isSafeInteger(value) || value <= previous) throw invalidArgument(field, 'whole and rising', value)
    previous = value
  }
}

function assertWhole(field: string, column: Float64Array): void {
  for (const value of column) {
    if (!Number.isSafeInteger(value) || value < 0) throw invalidArgument(field, 'whole', value)
  }
}

function assertIndices(field: string, column: unknown, count: number, names: number): void {
  if (column === null) return
  if (!(column instanceof Uint32Array) || column.length !== count) throw invalidArgument(field, 'a column', column)
  for (let row = 0; row < count; row++) {
    if (column[row]! >= names) throw invalidArgument(field, `below ${names}`, column[row])
  }
}
