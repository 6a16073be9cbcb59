import type { PlacedEvents } from '../codec/encode.js'
import { eventsOf } from '../codec/events.js'
import type { StoredEvent } from '../core/event.js'
import { visitExported, type ExportTask } from './export-pages.js'
import { Pieces } from './pieces.js'
import { toReadableJson } from './readable-json.js'
import type { AskPage } from './reading.js'
import { SortedLines } from './sorted-lines.js'

/** The store is the process, its topics are the threads. */
const PROCESS = 1

/**
 * Trace events as Perfetto and Chrome's Performance panel load them, in the order of their times: names first, then one
 * instant an event, a line each.
 */
export async function exportChromeTrace(ask: AskPage, task: ExportTask): Promise<Blob> {
  const threads = new Map<string, number>()
  const lines = new SortedLines()
  const visit = async (placed: PlacedEvents, rows: readonly number[]): Promise<void> => {
    for (const event of eventsOf(placed, rows)) {
      const { topic, time } = event
      if (!threads.has(topic)) threads.set(topic, threads.size + 1)
      lines.add(time, JSON.stringify(instant(event, threads.get(topic)!)))
    }
  }
  const done = await visitExported(ask, task, visit, () => lines.bytes)
  const names = [
    metadata('process_name', 0, task.store, lines.first),
    ...Array.from(threads, ([topic, thread]) => metadata('thread_name', thread, topic, lines.first)),
  ]
  const pieces = new Pieces()
  pieces.add(`{"displayTimeUnit":"ms","traceEvents":[\n${names.map((name) => JSON.stringify(name)).join(',\n')}`)
  for await (const line of lines.inOrder()) {
    if (task.signal?.aborted) break
    pieces.add(`,\n${line}`)
  }
  pieces.add('\n]}\n')
  const file = new Blob(pieces.blobs(), { type: 'application/json' })
  task.onProgress?.({ done, total: done, bytes: file.size })
  return file
}

function instant(event: StoredEvent, thread: number): object {
  const { topic, type, time, data, position, sequence, weight, producer, producerSeq, id, meta } = event
  return {
    name: type,
    cat: topic,
    ph: 'i',
    ts: microseconds(time),
    pid: PROCESS,
    tid: thread,
    s: 't',
    args: {
      data: toReadableJson(data),
      position,
      sequence,
      ...(weight === 1 ? {} : { weight }),
      producer,
      producerSeq,
      ...(id === undefined ? {} : { id }),
      ...(meta === undefined ? {} : { meta: toReadableJson(meta) }),
    },
  }
}

// Names are of no time: they stand before the first event, in the order of times too.
function metadata(name: string, thread: number, value: string, first: number): object {
  return { name, ph: 'M', ts: Math.min(0, microseconds(first)), pid: PROCESS, tid: thread, args: { name: value } }
}

function microseconds(time: number): number {
  return Math.round(time * 1_000_000) / 1000
}
