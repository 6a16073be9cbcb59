// A segment is one stored record of many events: a fixed header, the columns, a dictionary in JSON and the events'
// data as JSON text. Little-endian. This layout is version 1 and opens for ever; a later one gets the next number.
//
//    0 u32 magic 'TSEG'        24 f64 first sequence
//    4 u16 format version      32 f64 last sequence
//    6 u8  codec               40 u32 dictionary bytes
//    7 u8  (zero)              44 u32 text bytes
//    8 u32 checksum of 16…     48 u32 columns present, bit by bit
//   12 u32 key id              52 u32 text length in UTF-16 units
//   16 u32 epoch               56 f64 (zero)
//   20 u32 count               64 columns, then dictionary, then text
//
// Columns in this order: time, sequence?, position?, producerSeq?, weight? (f64) · ends (u32) · topic?, type?,
// producer? (u16) · kind? (u8). An absent column is implied: sequences and positions count up from the firsts named in
// header and dictionary, producerSeq per producer likewise, weight 1, index 0, plain data.

export const SEGMENT_MAGIC = 0x47455354
export const SEGMENT_FORMAT = 1
/** A number beyond these is taken for damage and not for a later format. */
export const LATER_FORMATS = 15
export const HEADER_BYTES = 64

/** The payload lies as it is … */
export const CODEC_PLAIN = 0
/** … or is deflated as a whole (raw). */
export const CODEC_DEFLATE = 1

export const Column = {
  sequence: 1,
  position: 2,
  producerSeq: 4,
  weight: 8,
  topic: 16,
  type: 32,
  producer: 64,
  kind: 128,
} as const

/** Header fields by byte offset. */
export const At = {
  magic: 0,
  format: 4,
  codec: 6,
  checksum: 8,
  keyId: 12,
  epoch: 16,
  count: 20,
  firstSequence: 24,
  lastSequence: 32,
  dictionaryBytes: 40,
  textBytes: 44,
  columns: 48,
  textLength: 52,
} as const

/** Where the checksum starts: the fields before it are checked by their values. */
export const CHECKED_FROM = 16

export interface SegmentDictionary {
  /** Name and position of the first event of each topic in the segment. */
  topics: [name: string, firstPosition: number][]
  types: string[]
  /** Id and producerSeq of the first event of each producer in the segment. */
  producers: [id: string, firstSeq: number][]
  ids?: (string | null)[]
  /** Tagged JSON per row. */
  metas?: (string | null)[]
}

/** How many events it holds, without a look at anything else. */
export function eventCount(bytes: ArrayBuffer): number {
  return new DataView(bytes).getUint32(At.count, true)
}

/** What is stored: the bytes, and beside them what only structured clone can hold, per row. */
export interface StoredSegment {
  bytes: ArrayBuffer
  attachments?: (readonly unknown[] | null)[]
}

/** Of those that are present, in bytes. */
export function sizeOfColumns(present: number, count: number): number {
  const bits = (mask: number, size: number): number => {
    let total = 0
    for (let rest = present & mask; rest !== 0; rest &= rest - 1) total += size
    return total
  }
  const perRow =
    8 +
    bits(Column.sequence | Column.position | Column.producerSeq | Column.weight, 8) +
    4 +
    bits(Column.topic | Column.type | Column.producer, 2) +
    bits(Column.kind, 1)
  return perRow * count
}
