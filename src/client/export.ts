import { invalidArgument } from '../core/fault.js'
import type { ExportOptions } from '../core/store.js'
import { compileFilter } from '../fold/event-filter.js'
import type { EventFilter } from '../protocol/event-filter.js'
import type { ReadPage } from '../protocol/writer-api.js'
import { assertQuery, assertSignal } from './check.js'
import type { ExportTask } from './export-pages.js'
import { withSignal, type Handle } from './handle.js'
import { loadPart } from './load-part.js'
import { toRequest } from './query.js'
import type { AskPage } from './reading.js'

type Format = NonNullable<ExportOptions['format']>

// Each format is a chunk of its own.
const FORMATS: Record<Format, () => Promise<(ask: AskPage, task: ExportTask) => Promise<Blob>>> = {
  json: async () => (await import('./export-json.js')).exportJson,
  ndjson: async () => (await import('./export-ndjson.js')).exportNdjson,
  'chrome-trace': async () => (await import('./chrome-trace.js')).exportChromeTrace,
}

/** `start` is a page read when the export was asked for: what was committed after it is not in the file. */
export async function exportStore(
  handle: Handle,
  options: ExportOptions,
  start: Promise<ReadPage>,
  filter?: EventFilter,
): Promise<Blob> {
  assertExport(options)
  return withSignal(options.signal, write(handle, options, start, filter))
}

async function write(
  handle: Handle,
  options: ExportOptions,
  start: Promise<ReadPage>,
  filter: EventFilter | undefined,
): Promise<Blob> {
  const { format = 'json', counters = format === 'json', pretty, redact, onProgress, signal } = options
  const { connection } = handle.shared
  const whole = toRequest(options, null)
  const { head } = await start
  const { sequences } = whole
  const request = { ...whole, sequences: [sequences[0], Math.min(sequences[1], head)] as const }
  const topics = await connection.call('topics')
  const stored = topics.reduce((sum, topic) => sum + topic.count, 0)
  // Counting reads as much as exporting does: it is done for who wants to know.
  const total = onProgress && isFiltered(options) ? await connection.call('count', request) : stored
  const exportIn = await loadPart(FORMATS[format])
  return exportIn(handle.ask, {
    store: handle.name,
    exportedAt: Date.now(),
    sequence: head - 1,
    topics,
    hideEmptyTopics: isFiltered(options) || redact !== undefined || filter !== undefined,
    request,
    total: Math.min(total, request.limit),
    pretty,
    counters: counters && format !== 'chrome-trace' ? await handle.counters.export() : null,
    filter: filter && compileFilter(filter),
    redact,
    onProgress,
    signal,
  })
}

function isFiltered(options: ExportOptions): boolean {
  const { topics, types, where, from, to, since, until, limit } = options
  return [topics, types, where, from, to, since, until, limit].some((filter) => filter !== undefined)
}

function assertExport(options: ExportOptions): void {
  assertQuery(options)
  const { format, counters, pretty, redact, onProgress, signal } = options
  if (format !== undefined && !Object.hasOwn(FORMATS, format)) {
    throw invalidArgument('format', "'json', 'ndjson' or 'chrome-trace'", format)
  }
  for (const [field, flag] of Object.entries({ counters, pretty })) {
    if (flag !== undefined && typeof flag !== 'boolean') throw invalidArgument(field, 'true or false', flag)
  }
  for (const [field, callback] of Object.entries({ redact, onProgress })) {
    if (callback !== undefined && typeof callback !== 'function') throw invalidArgument(field, 'a function', callback)
  }
  assertSignal(signal)
}
