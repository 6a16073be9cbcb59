import { parseEvent, type ArchivedEvent } from '../codec/archive-event.js'
import type { ArchiveHeader } from '../codec/archive-header.js'
import { invalidFile } from '../codec/invalid-file.js'
import { JsonReader } from '../codec/json-reader.js'
import { aborted } from '../core/fault.js'
import { ArchiveCheck } from './archive-check.js'

const READ_BYTES = 256 * 1024

/** A file of which every event was found good. */
export interface Archive {
  readonly header: ArchiveHeader
  readonly events: number
  /** The events in the order of their sequences, some at a time; `bytes` is what they take in the file. */
  blocks(): AsyncGenerator<{ events: ArchivedEvent[]; bytes: number; isLast: boolean }>
}

/** Also of another frame. */
export function isBlob(file: unknown): file is Blob {
  return ['[object Blob]', '[object File]'].includes(Object.prototype.toString.call(file))
}

// Reads all of the file, piece by piece, and holds none of it. Throws 'invalid-file' or 'incompatible'.
export async function openArchive(
  file: Blob,
  onChecked: (events: number) => void = () => {},
  signal?: AbortSignal,
): Promise<Archive> {
  const check = new ArchiveCheck()
  for (let at = 0; at < file.size; at += READ_BYTES) {
    check.push(await read(file, at, Math.min(file.size, at + READ_BYTES)))
    if (signal?.aborted) throw aborted(signal)
    onChecked(check.events)
  }
  const { header, form, blocks, events, isFalling } = check.end()
  const ordered = isFalling ? blocks.toReversed() : blocks
  return {
    header,
    events,
    async *blocks() {
      for (const [at, block] of ordered.entries()) {
        const own = eventsOf(await read(file, block.from, block.to), form)
        if (own.length !== block.events) throw invalidFile(null, 'it changed while it was read')
        const { from, to } = block
        yield { events: isFalling ? own.reverse() : own, bytes: to - from, isLast: at === ordered.length - 1 }
      }
    },
  }
}

// A block is a stretch of the file from an event's first byte to an event's last.
function eventsOf(bytes: Uint8Array, form: 'json' | 'ndjson'): ArchivedEvent[] {
  const reader = new JsonReader('events')
  const [before, after] = form === 'json' ? ['{"events":[', ']}'] : ['{}\n', '\n']
  const encoder = new TextEncoder()
  const parts = [encoder.encode(before), bytes, encoder.encode(after)].flatMap((piece) => reader.push(piece))
  return parts.map(({ text }) => parseEvent(text))
}

async function read(file: Blob, from: number, to: number): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.slice(from, to).arrayBuffer())
  } catch (error) {
    throw invalidFile(null, `it can no longer be read (${String(error)})`, error)
  }
}
