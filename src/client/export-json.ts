import { dataText } from '../codec/events.js'
import { DATA_UNDEFINED } from '../codec/columns.js'
import { openSegment } from '../codec/decode.js'
import type { TopicInfo } from '../core/event.js'
import type { Progress } from '../core/store.js'
import type { ReadRequest, SegmentSlice } from '../protocol/writer-api.js'
import { pagesOf, type AskPage } from './reading.js'

export const EXPORT_VERSION = 1

/** Text is moved out of the heap into the Blob in pieces of this size. */
const PIECE_CHARACTERS = 1024 * 1024

export interface JsonExport {
  store: string
  exportedAt: number
  /** Of the newest event; -1 when there is none. */
  sequence: number
  topics: TopicInfo[]
  request: ReadRequest
  /** Events expected, for the progress. */
  total: number
  pretty: boolean
  onProgress: ((progress: Progress) => void) | undefined
  signal: AbortSignal | undefined
}

// The data of an event is tagged JSON where it is stored, and is copied as it is: nothing is parsed, and no more than
// a page is held.
export async function exportJson(ask: AskPage, options: JsonExport): Promise<Blob> {
  const { store, exportedAt, sequence, topics, total, pretty, onProgress, signal } = options
  const header = { format: 'tabscribe', version: EXPORT_VERSION, store, exportedAt, sequence, topics }
  const text = JSON.stringify(header, null, pretty ? 2 : undefined)
  const pieces = new Pieces()
  pieces.add(pretty ? `${text.slice(0, -2)},\n  "events": [` : `${text.slice(0, -1)},"events":[`)
  let done = 0
  for await (const page of pagesOf(ask, options.request, signal)) {
    for (const slice of page.slices) {
      for (const event of eventTexts(slice)) {
        pieces.add(`${done === 0 ? '' : ','}${pretty ? '\n    ' : ''}${event}`)
        done++
      }
    }
    onProgress?.({ done, total: Math.max(done, total), bytes: pieces.characters })
  }
  pieces.add(pretty ? '\n  ]\n}\n' : ']}')
  return pieces.toBlob()
}

function* eventTexts(slice: SegmentSlice): Generator<string> {
  const { columns, position, sequence } = openSegment(slice)
  const count = slice.rows?.length ?? columns.count
  for (let at = 0; at < count; at++) {
    const row = slice.rows ? slice.rows[at]! : at
    const head = JSON.stringify({
      topic: columns.topics[columns.topic ? columns.topic[row]! : 0],
      position: position[row],
      sequence: sequence[row],
      type: columns.types[columns.type ? columns.type[row]! : 0],
      time: columns.time[row],
      ...(columns.weight && columns.weight[row] !== 1 ? { weight: columns.weight[row] } : {}),
      producer: columns.producers[columns.producer ? columns.producer[row]! : 0],
      producerSeq: columns.producerSeq[row],
      ...(columns.ids?.[row] != null ? { id: columns.ids[row] } : {}),
    })
    const meta = columns.metas?.[row]
    const data = columns.kind?.[row] === DATA_UNDEFINED ? '' : `,"data":${dataText(columns, row)}`
    yield `${head.slice(0, -1)}${meta == null ? '' : `,"meta":${meta}`}${data}}`
  }
}

class Pieces {
  characters = 0
  readonly #blobs: Blob[] = []
  #texts: string[] = []
  #length = 0

  add(text: string): void {
    this.#texts.push(text)
    this.#length += text.length
    this.characters += text.length
    if (this.#length >= PIECE_CHARACTERS) this.#spill()
  }

  toBlob(): Blob {
    this.#spill()
    return new Blob(this.#blobs, { type: 'application/json' })
  }

  #spill(): void {
    this.#blobs.push(new Blob(this.#texts))
    this.#texts = []
    this.#length = 0
  }
}
