import { storeError } from '../core/fault.js'
import { checksum } from './checksum.js'
import type { EventColumns } from './columns.js'
import type { PlacedEvents } from './encode.js'
import {
  At,
  CHECKED_FROM,
  CODEC_PLAIN,
  Column,
  HEADER_BYTES,
  LATER_FORMATS,
  SEGMENT_FORMAT,
  SEGMENT_MAGIC,
  sizeOfColumns,
  type SegmentDictionary,
  type StoredSegment,
} from './segment.js'

/** A segment's columns with nothing left implied but what EventColumns implies; the text is decoded when first asked for. */
export interface Segment extends PlacedEvents {
  readonly firstSequence: number
  readonly lastSequence: number
  readonly epoch: number
  readonly columns: EventColumns
}

const decoder = new TextDecoder()

// Throws 'corrupt' when the bytes are not what was written and 'incompatible' when a later version wrote them.
// 'checked': whoever read them from the disk has compared the checksum.
export function openSegment(stored: StoredSegment, from: 'disk' | 'checked' = 'disk'): Segment {
  const { bytes } = stored
  const view = new DataView(bytes)
  const length = bytes.byteLength
  refuseLater(stored)
  if (length < HEADER_BYTES || view.getUint32(At.magic, true) !== SEGMENT_MAGIC) throw corrupt('not a segment')
  const [format, codec] = [view.getUint16(At.format, true), view.getUint8(At.codec)]
  if (format !== SEGMENT_FORMAT || codec !== CODEC_PLAIN || view.getUint32(At.keyId, true) !== 0) {
    throw corrupt('its header differs')
  }
  const all = new Uint8Array(bytes)
  if (from === 'disk' && checksum(all, CHECKED_FROM) !== view.getUint32(At.checksum, true))
    throw corrupt('its checksum differs')

  const count = view.getUint32(At.count, true)
  const present = view.getUint32(At.columns, true)
  const dictionaryBytes = view.getUint32(At.dictionaryBytes, true)
  const textBytes = view.getUint32(At.textBytes, true)
  const dictionaryAt = HEADER_BYTES + sizeOfColumns(present, count)
  const textAt = dictionaryAt + dictionaryBytes
  if (count === 0 || textAt + textBytes !== length) throw corrupt('its parts do not add up')
  const dictionary = JSON.parse(decoder.decode(all.subarray(dictionaryAt, textAt))) as SegmentDictionary
  const firstSequence = view.getFloat64(At.firstSequence, true)

  let at = HEADER_BYTES
  const wide = (bit: number): Float64Array | null => {
    if (bit !== 0 && !(present & bit)) return null
    const column = new Float64Array(bytes, at, count)
    at += 8 * count
    return column
  }
  const indices = (bit: number): Uint32Array | null => {
    if (!(present & bit)) return null
    const column = Uint32Array.from(new Uint16Array(bytes, at, count))
    at += 2 * count
    return column
  }
  const time = wide(0)!
  const sequence = wide(Column.sequence) ?? countUp(count, firstSequence)
  const storedPosition = wide(Column.position)
  const storedSeq = wide(Column.producerSeq)
  const weight = wide(Column.weight)
  const ends = new Uint32Array(bytes, at, count)
  at += 4 * count
  const topic = indices(Column.topic)
  const type = indices(Column.type)
  const producer = indices(Column.producer)
  const kind = present & Column.kind ? new Uint8Array(bytes, at, count) : null

  let text: string | null = null
  const columns: EventColumns = {
    count,
    topics: dictionary.topics.map(([name]) => name),
    types: dictionary.types,
    producers: dictionary.producers.map(([id]) => id),
    topic,
    type,
    producer,
    producerSeq: storedSeq ?? countUpEach(count, producer, dictionary.producers),
    time,
    weight,
    kind,
    get text() {
      return (text ??= decoder.decode(all.subarray(textAt)))
    },
    ends,
    ids: dictionary.ids ?? null,
    metas: dictionary.metas ?? null,
    attachments: stored.attachments ?? null,
  }
  return {
    columns,
    sequence,
    position: storedPosition ?? countUpEach(count, topic, dictionary.topics),
    firstSequence,
    lastSequence: view.getFloat64(At.lastSequence, true),
    epoch: view.getUint32(At.epoch, true),
  }
}

/** Throws 'incompatible' when the header names a later format, whatever follows it. */
export function refuseLater({ bytes }: StoredSegment): void {
  const view = new DataView(bytes)
  if (bytes.byteLength < HEADER_BYTES || view.getUint32(At.magic, true) !== SEGMENT_MAGIC) return
  const format = view.getUint16(At.format, true)
  if (format <= SEGMENT_FORMAT || format > LATER_FORMATS) return
  throw storeError(
    'incompatible',
    `A segment of format ${format} was written by a later version of tabscribe: reload the page to get it.`,
    { format },
  )
}

function corrupt(reason: string): Error {
  return storeError('corrupt', `A stored segment is damaged: ${reason}. Its events are lost; the rest can be read.`)
}

function countUp(count: number, first: number): Float64Array {
  const column = new Float64Array(count)
  for (let row = 0; row < count; row++) column[row] = first + row
  return column
}

// Every name counts up from its own first value.
function countUpEach(count: number, index: Uint32Array | null, firsts: readonly [string, number][]): Float64Array {
  if (index === null) return countUp(count, firsts[0]![1])
  const next = firsts.map(([, first]) => first)
  const column = new Float64Array(count)
  for (let row = 0; row < count; row++) column[row] = next[index[row]!]!++
  return column
}
