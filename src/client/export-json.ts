import { withoutAttachments } from '../codec/attachments.js'
import { EXPORT_VERSION, type ArchiveHeader } from '../codec/archive-header.js'
import { DATA_UNDEFINED, type EventColumns } from '../codec/columns.js'
import type { PlacedEvents } from '../codec/encode.js'
import { dataText } from '../codec/events.js'
import { visitExported, type ExportTask } from './export-pages.js'
import { Pieces } from './pieces.js'
import type { AskPage } from './reading.js'
import { TopicTally } from './topic-tally.js'

/** How a file of events is put together. The header is written last, when it is known what the file holds. */
export interface TextFormat {
  type: string
  open(header: ArchiveHeader, task: ExportTask): string
  event(text: string, isFirst: boolean, task: ExportTask): string
  close(task: ExportTask): string
}

const JSON_FORMAT: TextFormat = {
  type: 'application/json',
  open({ count: _count, ...header }, { pretty }) {
    const text = JSON.stringify(header, null, pretty ? 2 : undefined)
    return pretty ? `${text.slice(0, -2)},\n  "events": [` : `${text.slice(0, -1)},"events":[`
  },
  event: (text, isFirst, { pretty }) => `${isFirst ? '' : ','}${pretty ? '\n    ' : ''}${text}`,
  close({ counters, pretty }) {
    const end = counters ? `${pretty ? ',\n  "counters": ' : ',"counters":'}${JSON.stringify(counters)}` : ''
    return pretty ? `\n  ]${end}\n}\n` : `]${end}}`
  },
}

/** One JSON object, with the events in its `events`. */
export function exportJson(ask: AskPage, task: ExportTask): Promise<Blob> {
  return exportText(ask, task, JSON_FORMAT)
}

// The data of an event is tagged JSON where it is stored, and is copied as it is, without being parsed.
export async function exportText(ask: AskPage, task: ExportTask, format: TextFormat): Promise<Blob> {
  const { store, exportedAt, sequence } = task
  const topics = new TopicTally(task.topics)
  const pieces = new Pieces()
  let count = 0
  const visit = (placed: PlacedEvents, rows: readonly number[]): void => {
    for (const row of rows) {
      topics.add(placed, row)
      pieces.add(format.event(eventText(placed, row), count++ === 0, task))
    }
  }
  const done = await visitExported(ask, task, visit, () => pieces.bytes)
  pieces.add(format.close(task))
  const header: ArchiveHeader = {
    format: 'tabscribe',
    version: EXPORT_VERSION,
    store,
    exportedAt,
    sequence,
    topics: topics.infos(task.hideEmptyTopics ?? false),
    count,
  }
  const file = new Blob([format.open(header, task), ...pieces.blobs()], { type: format.type })
  task.onProgress?.({ done, total: done, bytes: file.size })
  return file
}

function eventText({ columns, position, sequence }: PlacedEvents, row: number): string {
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
  const data = columns.kind?.[row] === DATA_UNDEFINED ? null : dataText(columns, row)
  return (
    head.slice(0, -1) +
    (meta == null ? '' : `,"meta":${forFile(meta, columns, row)}`) +
    (data === null ? '}' : `,"data":${forFile(data, columns, row)}}`)
  )
}

function forFile(text: string, { attachments }: EventColumns, row: number): string {
  const own = attachments?.[row]
  return own ? withoutAttachments(text, own) : text
}
