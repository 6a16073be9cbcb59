import { checksum } from './checksum.js'
import { startOf, type EventColumns } from './columns.js'
import {
  At,
  CHECKED_FROM,
  CODEC_PLAIN,
  Column,
  HEADER_BYTES,
  SEGMENT_FORMAT,
  SEGMENT_MAGIC,
  sizeOfColumns,
  type SegmentDictionary,
  type StoredSegment,
} from './segment.js'

/** Chromium moves a value of over 64 KiB to a file of its own, which costs several times as much. */
export const SEGMENT_BYTES = 60_000

/** Retention and searches work by segments: none holds more than this, however small its events are. */
export const SEGMENT_EVENTS = 1_000

/** Events with their places in the log. */
export interface PlacedEvents {
  columns: EventColumns
  sequence: Float64Array
  position: Float64Array
}

export interface EncodedSegment extends StoredSegment {
  count: number
}

const encoder = new TextEncoder()
let scratch = new Uint8Array(SEGMENT_BYTES)

/** Writes as many rows from `from` on as fill one segment, at least one. */
export function encodeSegment(events: PlacedEvents, from: number, epoch: number): EncodedSegment {
  const { columns } = events
  const text = encodeText(columns, from)
  const to = from + text.count
  const layout = layOut(events, from, to)
  const dictionary = encoder.encode(JSON.stringify(layout.dictionary))
  const columnBytes = sizeOfColumns(layout.present, text.count)
  const bytes = new Uint8Array(HEADER_BYTES + columnBytes + dictionary.length + text.bytes.length)

  writeHeader(bytes, events, from, to, epoch, layout.present, dictionary.length, text)
  writeColumns(bytes, events, from, to, layout)
  bytes.set(dictionary, HEADER_BYTES + columnBytes)
  bytes.set(text.bytes, HEADER_BYTES + columnBytes + dictionary.length)
  new DataView(bytes.buffer).setUint32(At.checksum, checksum(bytes, CHECKED_FROM), true)

  const attachments = columns.attachments?.slice(from, to)
  return {
    bytes: bytes.buffer,
    count: text.count,
    ...(attachments?.some((own) => own !== null) ? { attachments } : {}),
  }
}

interface EncodedText {
  count: number
  bytes: Uint8Array
  length: number
}

// `bytes` is valid until the next call.
function encodeText({ text, ends, count, ids, metas }: EventColumns, from: number): EncodedText {
  const start = startOf(ends, from)
  let room = SEGMENT_BYTES - HEADER_BYTES
  let to = from
  while (to < count && to - from < SEGMENT_EVENTS) {
    const rowBytes = ROW_BYTES + (ids?.[to]?.length ?? 0) + (metas?.[to]?.length ?? 0)
    if (to > from && ends[to]! - start + rowBytes > room) break
    room -= rowBytes
    to++
  }
  // Text outside ASCII takes up to three bytes a unit: what did not fit goes to the next segment.
  const slice = text.slice(start, ends[to - 1])
  if (to - from === 1 && scratch.length < slice.length * 3) scratch = new Uint8Array(slice.length * 3)
  let { read, written } = encoder.encodeInto(slice, scratch)
  if (read < slice.length) {
    while (to - from > 1 && ends[to - 1]! - start > read) to--
    const fitting = text.slice(start, ends[to - 1])
    if (scratch.length < fitting.length * 3 && to - from === 1) scratch = new Uint8Array(fitting.length * 3)
    ;({ read, written } = encoder.encodeInto(fitting, scratch))
  }
  const bytes = scratch.subarray(0, written)
  if (scratch.length > SEGMENT_BYTES) scratch = new Uint8Array(SEGMENT_BYTES)
  return { count: to - from, bytes, length: read }
}

/** What a row takes beside its text, roughly. */
const ROW_BYTES = 24

interface Layout {
  present: number
  dictionary: SegmentDictionary
  topics: LocalNames
  types: LocalNames
  producers: LocalNames
}

// Finds the names in use and which columns can be implied.
function layOut({ columns, sequence, position }: PlacedEvents, from: number, to: number): Layout {
  const topics = namesIn(columns.topic, from, to)
  const types = namesIn(columns.type, from, to)
  const producers = namesIn(columns.producer, from, to)
  let present = 0
  if (!countsUp(sequence, null, from, to)) present |= Column.sequence
  if (!countsUp(position, columns.topic, from, to)) present |= Column.position
  if (!countsUp(columns.producerSeq, columns.producer, from, to)) present |= Column.producerSeq
  if (topics.local.size > 1) present |= Column.topic
  if (types.local.size > 1) present |= Column.type
  if (producers.local.size > 1) present |= Column.producer
  if (columns.weight?.subarray(from, to).some((weight) => weight !== 1)) present |= Column.weight
  if (columns.kind?.subarray(from, to).some((kind) => kind !== 0)) present |= Column.kind
  const dictionary: SegmentDictionary = {
    topics: topics.firstRows.map(([name, row]) => [columns.topics[name]!, position[row]!]),
    types: types.firstRows.map(([name]) => columns.types[name]!),
    producers: producers.firstRows.map(([name, row]) => [columns.producers[name]!, columns.producerSeq[row]!]),
  }
  const ids = columns.ids?.slice(from, to)
  if (ids?.some((id) => id !== null)) dictionary.ids = ids
  const metas = columns.metas?.slice(from, to)
  if (metas?.some((meta) => meta !== null)) dictionary.metas = metas
  return { present, dictionary, topics, types, producers }
}

/** The names some rows use, in the order of their first use. */
interface LocalNames {
  firstRows: [name: number, row: number][]
  /** Index in the columns' dictionary → index in the segment's. */
  local: Map<number, number>
}

function namesIn(index: Uint32Array | null, from: number, to: number): LocalNames {
  if (index === null) return { firstRows: [[0, from]], local: new Map([[0, 0]]) }
  const names: LocalNames = { firstRows: [], local: new Map() }
  for (let row = from; row < to; row++) {
    const name = index[row]!
    if (names.local.has(name)) continue
    names.local.set(name, names.local.size)
    names.firstRows.push([name, row])
  }
  return names
}

// Whether the values rise by one from row to row, for each name on its own.
function countsUp(values: Float64Array, index: Uint32Array | null, from: number, to: number): boolean {
  if (index === null) {
    for (let row = from + 1; row < to; row++) if (values[row] !== values[row - 1]! + 1) return false
    return true
  }
  const next = new Map<number, number>()
  for (let row = from; row < to; row++) {
    const expected = next.get(index[row]!)
    if (expected !== undefined && values[row] !== expected) return false
    next.set(index[row]!, values[row]! + 1)
  }
  return true
}

function writeHeader(
  bytes: Uint8Array<ArrayBuffer>,
  { sequence }: PlacedEvents,
  from: number,
  to: number,
  epoch: number,
  present: number,
  dictionaryBytes: number,
  text: EncodedText,
): void {
  const view = new DataView(bytes.buffer)
  view.setUint32(At.magic, SEGMENT_MAGIC, true)
  view.setUint16(At.format, SEGMENT_FORMAT, true)
  view.setUint8(At.codec, CODEC_PLAIN)
  view.setUint32(At.epoch, epoch, true)
  view.setUint32(At.count, to - from, true)
  view.setFloat64(At.firstSequence, sequence[from]!, true)
  view.setFloat64(At.lastSequence, sequence[to - 1]!, true)
  view.setUint32(At.dictionaryBytes, dictionaryBytes, true)
  view.setUint32(At.textBytes, text.bytes.length, true)
  view.setUint32(At.columns, present, true)
  view.setUint32(At.textLength, text.length, true)
}

function writeColumns(
  bytes: Uint8Array<ArrayBuffer>,
  { columns, sequence, position }: PlacedEvents,
  from: number,
  to: number,
  { present, topics, types, producers }: Layout,
): void {
  const { buffer } = bytes
  const count = to - from
  let at = HEADER_BYTES
  const wide = (column: Float64Array): void => {
    new Float64Array(buffer, at, count).set(column.subarray(from, to))
    at += 8 * count
  }
  const indices = (column: Uint32Array, local: Map<number, number>): void => {
    const target = new Uint16Array(buffer, at, count)
    for (let row = 0; row < count; row++) target[row] = local.get(column[from + row]!)!
    at += 2 * count
  }
  wide(columns.time)
  if (present & Column.sequence) wide(sequence)
  if (present & Column.position) wide(position)
  if (present & Column.producerSeq) wide(columns.producerSeq)
  if (present & Column.weight) wide(columns.weight!)
  const start = startOf(columns.ends, from)
  const ends = new Uint32Array(buffer, at, count)
  for (let row = 0; row < count; row++) ends[row] = columns.ends[from + row]! - start
  at += 4 * count
  if (present & Column.topic) indices(columns.topic!, topics.local)
  if (present & Column.type) indices(columns.type!, types.local)
  if (present & Column.producer) indices(columns.producer!, producers.local)
  if (present & Column.kind) new Uint8Array(buffer, at, count).set(columns.kind!.subarray(from, to))
}
