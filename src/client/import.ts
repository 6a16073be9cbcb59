import { columnsOfArchived } from '../codec/archive-columns.js'
import { aborted, faultOf, invalidArgument, StoreError } from '../core/fault.js'
import type { ImportOptions, ImportReport } from '../core/store.js'
import { checkCounters } from '../fold/counter/exchange.js'
import { isBlob, openArchive } from './archive.js'
import { assertSignal } from './check-query.js'
import { withSignal, type Handle } from './handle.js'

interface SoFar {
  events: number
  skipped: number
  topics: Set<string>
  /** Events in the file; 0 until it is checked. */
  total: number
}

// The file is read twice: nothing is stored before all of it was found good. Batches are stored one by one, each whole
// or not at all.
export async function importFile(handle: Handle, file: Blob, options: ImportOptions): Promise<ImportReport> {
  assertImport(file, options)
  const soFar: SoFar = { events: 0, skipped: 0, topics: new Set(), total: 0 }
  try {
    await storeAll(handle, file, options, soFar)
  } catch (error) {
    throw interrupted(error, soFar)
  }
  const { events, skipped, topics } = soFar
  return { topics: topics.size, events, skipped }
}

async function storeAll(
  handle: Handle,
  file: Blob,
  { onProgress, signal }: ImportOptions,
  soFar: SoFar,
): Promise<void> {
  if (signal?.aborted) throw aborted(signal)
  const onChecked = (events: number): void => onProgress?.({ done: 0, total: events, bytes: 0 })
  const archive = await openArchive(file, onChecked, signal)
  const { counters } = archive.header
  if (counters) checkCounters(counters)
  const total = (soFar.total = archive.events)
  let bytes = 0
  for await (const block of archive.blocks()) {
    if (signal?.aborted) throw aborted(signal)
    handle.assertOpen()
    const { columns } = columnsOfArchived(block.events)
    const stored = await withSignal(signal, handle.shared.connection.call('importEvents', columns, block.isLast))
    soFar.events += stored.events
    soFar.skipped += stored.skipped
    for (const topic of stored.topics) soFar.topics.add(topic)
    bytes += block.bytes
    onProgress?.({ done: soFar.events + soFar.skipped, total, bytes })
  }
  if (counters) await withSignal(signal, handle.counters.merge(counters))
}

function interrupted(error: unknown, { events, skipped, total }: SoFar): StoreError {
  const fault = faultOf(error)
  const cause: unknown = error instanceof StoreError ? error.cause : error
  const far =
    events + skipped === 0
      ? 'Nothing was imported.'
      : `At least ${events} of the file's ${total} events were imported by then and ${skipped} were here already: import ` +
        'the same file again to complete it.'
  return new StoreError({ ...fault, message: `${fault.message} ${far}`, imported: events, skipped, total }, cause)
}

function assertImport(file: unknown, options: ImportOptions): void {
  if (!isBlob(file)) throw invalidArgument('file', 'a Blob or File', file)
  const { onProgress, signal } = options
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw invalidArgument('onProgress', 'a function', onProgress)
  }
  assertSignal(signal)
}
