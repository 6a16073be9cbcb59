import { exportText, type TextFormat } from './export-json.js'
import type { ExportTask } from './export-pages.js'
import type { AskPage } from './reading.js'

const NDJSON_FORMAT: TextFormat = {
  type: 'application/x-ndjson',
  open: (header) => `${JSON.stringify(header)}\n`,
  event: (text) => `${text}\n`,
  close: ({ counters }) => (counters ? `${JSON.stringify({ counters })}\n` : ''),
}

/** The header on line 1, then one event a line, then the counters if there are any. */
export function exportNdjson(ask: AskPage, task: ExportTask): Promise<Blob> {
  return exportText(ask, task, NDJSON_FORMAT)
}
