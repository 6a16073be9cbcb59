import { storeError } from '../core/fault.js'
import { checksum } from './checksum.js'
import { refuseLater } from './decode.js'
import {
  At,
  CHECKED_FROM,
  CODEC_DEFLATE,
  CODEC_PLAIN,
  HEADER_BYTES,
  sizeOfColumns,
  type StoredSegment,
} from './segment.js'

/** Where there is no CompressionStream segments stay as they are. */
export const canCompress = (): boolean => typeof CompressionStream !== 'undefined'

export function isCompressed({ bytes }: StoredSegment): boolean {
  return bytes.byteLength > At.codec && new DataView(bytes).getUint8(At.codec) === CODEC_DEFLATE
}

/** Inflating costs every read, so it is worth two fifths at least: what looks random saves a third. */
const WORTH_IT = 0.6

/** The segment with its payload deflated, or null when that saves too little. */
export async function compressSegment(stored: StoredSegment): Promise<StoredSegment | null> {
  const plain = new Uint8Array(stored.bytes)
  const payload = await pipe(plain.subarray(HEADER_BYTES), new CompressionStream('deflate-raw'))
  if (payload.length > WORTH_IT * (plain.length - HEADER_BYTES)) return null
  return { ...stored, bytes: assemble(plain, payload, CODEC_DEFLATE) }
}

/** The segment as it was before it was compressed; one that was not is given back as it is. */
export async function inflateSegment(stored: StoredSegment): Promise<StoredSegment> {
  if (!isCompressed(stored)) return stored
  refuseLater(stored)
  const packed = new Uint8Array(stored.bytes)
  const view = new DataView(stored.bytes)
  const damaged = (): Error => storeError('corrupt', 'A stored segment is damaged: it cannot be inflated.')
  if (packed.length < HEADER_BYTES || checksum(packed, CHECKED_FROM) !== view.getUint32(At.checksum, true)) {
    throw damaged()
  }
  const payload = await pipe(packed.subarray(HEADER_BYTES), new DecompressionStream('deflate-raw')).catch(() => {
    throw damaged()
  })
  const expected =
    sizeOfColumns(view.getUint32(At.columns, true), view.getUint32(At.count, true)) +
    view.getUint32(At.dictionaryBytes, true) +
    view.getUint32(At.textBytes, true)
  if (payload.length !== expected) throw damaged()
  return { ...stored, bytes: assemble(packed, payload, CODEC_PLAIN) }
}

function assemble(header: Uint8Array, payload: Uint8Array, codec: number): ArrayBuffer {
  const bytes = new Uint8Array(HEADER_BYTES + payload.length)
  bytes.set(header.subarray(0, HEADER_BYTES))
  bytes.set(payload, HEADER_BYTES)
  const view = new DataView(bytes.buffer)
  view.setUint8(At.codec, codec)
  view.setUint32(At.checksum, checksum(bytes, CHECKED_FROM), true)
  return bytes.buffer
}

// Without a Blob in between, which Chromium would send through another process: five times as fast.
async function pipe(
  bytes: Uint8Array<ArrayBuffer>,
  { writable, readable }: CompressionStream | DecompressionStream,
): Promise<Uint8Array> {
  const writer = writable.getWriter()
  // What breaks there breaks the readable end too, which is awaited.
  writer.write(bytes).catch(() => {})
  writer.close().catch(() => {})
  return new Uint8Array(await new Response(readable).arrayBuffer())
}
