import type { CounterOptions } from '../core/counters.js'
import type { EventColumns } from '../codec/columns.js'
import type { Retention } from '../core/options.js'
import { assertCounterOptions } from '../fold/counter/check-options.js'
import type { Checkpoint, CheckpointQuery, LogMark, ProjectionId } from './checkpoint.js'
import { isColumns } from './column-shape.js'
import { isCommand, isLimitStep, isQuestion } from './counter-shapes.js'
import { isFilter } from './event-filter.js'
import { assertLanesAndBuckets, type TimelineRequest } from './timeline.js'
import {
  asserted,
  either,
  isAnything,
  isFlag,
  isName,
  isNumber,
  isPlace,
  isText,
  isWhole,
  listOf,
  maybe,
  oneOf,
  orNull,
  shape,
  tuple,
  type Is,
} from './shape.js'
import type {
  Hello,
  NamedOptions,
  ReadRequest,
  Submission,
  Tally,
  WhereTerm,
  Witness,
  Writer,
  WriterMethod,
} from './writer-api.js'

// What comes in from another context is unknown until it has passed here. Nothing is trusted that a page could forge:
// lengths, ranges and names are checked before anything is indexed, allocated or stored.

const isNames = listOf(isText)
const isRange = tuple<[number, number]>(isNumber, isNumber)
const isPositive: Is<number> = (value): value is number => isWhole(value) && value > 0
const isBuckets: Is<number> = (value): value is number => isPositive(value) && value <= 100_000

const isRetention = shape<Retention>({
  maxEvents: maybe(isPositive),
  maxBytes: maybe(isPositive),
  maxAgeMs: maybe(isPositive),
})
const isOptions = shape<NamedOptions>({
  at: isNumber,
  batchSize: maybe(isNumber),
  batchTimeoutMs: maybe(isNumber),
  retention: maybe(isRetention),
  topics: maybe(listOf(tuple<[string, { retention?: Retention }]>(isName, shape({ retention: maybe(isRetention) })))),
  compression: maybe(oneOf('cold', 'off')),
  counters: maybe(asserted<CounterOptions>(assertCounterOptions)),
})

const isWitness = shape<Witness>({
  database: isName,
  epoch: isPlace,
  nextSequence: isPlace,
  topics: listOf(tuple<[string, number]>(isName, isPlace)),
})

export const isHello = shape<Hello>({
  protocol: isNumber,
  store: isName,
  producer: isName,
  session: isName,
  storage: oneOf('auto', 'memory'),
  settings: listOf(isOptions),
  witness: orNull(isWitness),
})

const isTally = shape<Tally>({ dropped: isNumber, withheld: isNumber, sampled: isNumber })
const isBurst: Is<EventColumns> = (value): value is EventColumns => isColumns(value)
const isImported: Is<EventColumns> = (value): value is EventColumns => isColumns(value, 'any producers')

const isSubmissionShape = shape<Submission>({
  columns: isBurst,
  append: orNull(shape<NonNullable<Submission['append']>>({ topic: isName, expect: orNull(isNumber) })),
  limit: orNull(isLimitStep),
  durability: oneOf('relaxed', 'strict'),
  tally: orNull(isTally),
})
// What is appended is of the one topic that is named.
export const isSubmission: Is<Submission> = (value): value is Submission =>
  isSubmissionShape(value) &&
  (value.append === null || value.columns.topics.every((topic) => topic === value.append?.topic))

const isWhere = listOf(shape<WhereTerm>({ in: oneOf('data', 'meta'), path: listOf(isText), value: isAnything }))

export const isReadRequest = shape<ReadRequest>({
  topics: orNull(isNames),
  types: orNull(isNames),
  positions: orNull(isRange),
  sequences: isRange,
  times: isRange,
  where: isWhere,
  direction: oneOf('forward', 'backward'),
  limit: isNumber,
  wait: isFlag,
  removals: orNull(isNumber),
  snapshot: orNull(isName),
})

const isProjection = shape<ProjectionId>({ name: isName, version: isPlace, topics: orNull(isNames) })
const isCheckpoint = shape<Checkpoint>({ end: isPlace, sequence: either(isPlace, oneOf(-1)), state: isAnything })
const isMark = shape<LogMark>({ database: isName, epoch: isPlace, removals: isPlace })
const isCheckpointQuery = shape<CheckpointQuery>({
  projection: isProjection,
  before: isNumber,
  snapshot: orNull(isName),
})

const hasLanesAndBuckets = asserted((value) => assertLanesAndBuckets(value as Record<string, unknown>))
const isTimelineShape = shape<TimelineRequest>({
  by: oneOf('topic', 'type'),
  topics: orNull(isNames),
  types: orNull(isNames),
  where: isWhere,
  since: orNull(isNumber),
  until: orNull(isNumber),
  buckets: orNull(isNumber),
  everyMs: orNull(isNumber),
  sequences: isRange,
  isPrompt: isFlag,
})
const isTimelineRequest: Is<TimelineRequest> = (value): value is TimelineRequest =>
  isTimelineShape(value) && hasLanesAndBuckets(value)

/** Every method a tab may call, and what it is called with. Anything else is not answered. */
export const WRITER_METHODS: { [Method in WriterMethod]: Is<Parameters<Writer[Method]>> } = {
  submit: tuple(isSubmission),
  flush: tuple(),
  read: tuple(isReadRequest),
  count: tuple(isReadRequest),
  topics: tuple(),
  configure: tuple(isOptions),
  clear: tuple(orNull(isName), isPlace),
  erase: tuple(isReadRequest, isPlace),
  importEvents: tuple(isImported, isFlag),
  counterAsk: isQuestion,
  counterDo: (value): value is Parameters<Writer['counterDo']> =>
    Array.isArray(value) && isPlace(value[2]) && isCommand(value.slice(0, 2)),
  compact: tuple(),
  snapshotOpen: tuple(orNull(isNumber), orNull(isNames)),
  snapshotInfo: tuple(isName),
  snapshotClose: tuple(isName),
  checkpoint: tuple(isCheckpointQuery),
  keepCheckpoint: tuple(isProjection, isCheckpoint, isMark),
  witness: tuple(),
  recover: tuple(listOf(shape<{ columns: EventColumns; session: string }>({ columns: isBurst, session: isName }))),
  faults: tuple(isNumber),
  metrics: tuple(orNull(isTally)),
  health: tuple(),
  overview: tuple(),
  timeline: tuple(isTimelineRequest),
  searchOpen: tuple(isFilter),
  searchProgress: tuple(isNumber, isNumber),
  searchRows: tuple(isNumber, isNumber, isNumber),
  searchRank: tuple(isNumber, isNumber),
  searchHistogram: tuple(isNumber, isNumber, isNumber, isBuckets),
  searchClose: tuple(isNumber),
  bye: tuple(),
}
