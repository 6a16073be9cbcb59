import { parseEvent, type ArchivedEvent } from '../codec/archive-event.js'
import { checkHeader, type ArchiveHeader } from '../codec/archive-header.js'
import { invalidFile, type Place } from '../codec/invalid-file.js'
import { JsonReader, type JsonPart } from '../codec/json-reader.js'
import { StoreError } from '../core/fault.js'

/** A block takes about this much at most: it becomes one transaction. */
const BLOCK_EVENTS = 2_000
const BLOCK_BYTES = 1024 * 1024

const HEADER = ['format', 'version', 'store', 'exportedAt', 'sequence', 'topics']

/** Some of a file's events, in its order, as a half-open range of its bytes. */
export interface Block {
  from: number
  to: number
  events: number
}

export interface CheckedArchive {
  header: ArchiveHeader
  form: 'json' | 'ndjson'
  blocks: Block[]
  events: number
  /** The newest event comes first. */
  isFalling: boolean
}

/** Checks a file of either form, from its first byte to its last. Everything it finds wrong is 'invalid-file'. */
export class ArchiveCheck {
  events = 0
  readonly #reader = new JsonReader('events')
  readonly #members = new Map<string, unknown>()
  readonly #blocks: Block[] = []
  readonly #order = new EventOrder()
  #header: ArchiveHeader | null = null
  #counters: unknown
  /** Of a file whose version is not known yet: a later version may hold what is wrong in this one. */
  #failure: StoreError | null = null

  push(piece: Uint8Array): void {
    for (const part of this.#reader.push(piece)) this.#check(part)
  }

  end(): CheckedArchive {
    for (const part of this.#reader.end()) this.#check(part)
    const header = this.#checkHeader()
    if (this.#failure !== null) throw this.#failure
    const form = this.#reader.hasStreamed ? 'json' : 'ndjson'
    if (form === 'ndjson' && this.events === 0 && header.count !== 0) throw invalidFile(null, 'it has no "events"')
    if (header.count !== undefined && header.count !== this.events) {
      throw invalidFile(
        null,
        `it says it holds ${header.count} events but holds ${this.events}: it was cut short or changed`,
      )
    }
    if (this.#counters !== undefined) header.counters = this.#counters as ArchiveHeader['counters'] & {}
    return { header, form, blocks: this.#blocks, events: this.events, isFalling: this.#order.isFalling }
  }

  #check(part: JsonPart): void {
    if (part.is === 'member') return this.#addMember(part)
    if (part.is === 'line') {
      if (this.#reader.hasStreamed) throw wrongAt(part, 'something follows the end of the export')
      if (this.#counters !== undefined) throw wrongAt(part, 'something follows the counters')
    }
    // Where some of the header stands behind the events, they are judged when it is known.
    if (part.is === 'line' || HEADER.every((name) => this.#members.has(name))) this.#checkHeader()
    if (part.is === 'line' && /^\s*\{\s*"counters"\s*:/.test(part.text)) return this.#addCounters(part)
    try {
      this.#addEvent(part)
    } catch (error) {
      if (this.#header !== null || !(error instanceof StoreError)) throw error
      this.#failure ??= error
    }
  }

  #addMember(part: JsonPart): void {
    if (this.#members.has(part.name)) throw wrongAt(part, `"${part.name.slice(0, 40)}" is there twice`)
    this.#members.set(part.name, parse(part))
    // Some may stand behind the events.
    this.#header = null
  }

  #addCounters(part: JsonPart): void {
    const line = parse(part) as Record<string, unknown>
    if (Object.keys(line).length > 1) throw wrongAt(part, 'the line of the counters holds more than them')
    this.#counters = line['counters']
    if (typeof this.#counters !== 'object' || this.#counters === null)
      throw wrongAt(part, '"counters" must be an object')
  }

  #checkHeader(): ArchiveHeader {
    try {
      return (this.#header ??= checkHeader(this.#members))
    } catch (error) {
      if (error instanceof StoreError) throw error
      throw invalidFile({ line: 1, byte: 0 }, (error as Error).message, error)
    }
  }

  #addEvent(part: JsonPart): void {
    this.events++
    try {
      this.#order.add(parseEvent(part.text))
    } catch (error) {
      throw wrongAt(part, (error as Error).message, this.events, error)
    }
    const block = this.#blocks.at(-1)
    if (block && block.events < BLOCK_EVENTS && part.to - block.from < BLOCK_BYTES) {
      block.to = part.to
      block.events++
    } else this.#blocks.push({ from: part.from, to: part.to, events: 1 })
  }
}

/** Events of a file lie in the order of their sequences, rising or falling; so do the positions of each topic. */
class EventOrder {
  isFalling = false
  #last: number | null = null
  #known = false
  readonly #positions = new Map<string, number>()

  // Throws an Error whose message completes the sentence 'Line 3 of the file: …'.
  add({ topic, position, sequence }: ArchivedEvent): void {
    const last = this.#last
    if (last !== null) {
      if (sequence === last) throw new Error(`sequence ${sequence} is there twice`)
      if (!this.#known) this.isFalling = sequence < last
      else if (sequence < last !== this.isFalling) {
        throw new Error(`sequence ${sequence} is out of order after ${last}: an event is there twice, or was moved`)
      }
      this.#known = true
    }
    const before = this.#positions.get(topic)
    if (before !== undefined && (position === before || position < before !== this.isFalling)) {
      throw new Error(`position ${position} of topic '${topic}' is out of order after ${before}`)
    }
    this.#last = sequence
    this.#positions.set(topic, position)
  }
}

function parse(part: JsonPart): unknown {
  try {
    return JSON.parse(part.text)
  } catch (error) {
    throw wrongAt(part, `it is not JSON (${(error as Error).message})`, undefined, error)
  }
}

function wrongAt({ line, from }: JsonPart, reason: string, event?: number, cause?: unknown): StoreError {
  const place: Place = { line, byte: from, ...(event === undefined ? {} : { event }) }
  return invalidFile(place, reason, cause)
}
