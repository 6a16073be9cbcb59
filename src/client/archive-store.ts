import { asyncDispose } from '../core/dispose.js'
import { columnsOfArchived } from '../codec/archive-columns.js'
import type { PlacedEvents } from '../codec/encode.js'
import type { CounterExport } from '../core/counters.js'
import { checkCounters } from '../fold/counter/exchange.js'
import type { Tracked } from '../protocol/counters.js'
import { invalidFile } from '../codec/invalid-file.js'
import { invalidArgument, storeError } from '../core/fault.js'
import { randomId } from '../core/ids.js'
import type { ReadableStore, ReadableTopic, Store, StoreExport } from '../core/store.js'
import type { Link } from '../host/link.js'
import { fillLog } from '../log/fill.js'
import { createMemoryDatabase } from '../log/memory-database.js'
import { PANEL_SOURCE, type PanelSourceMaker } from '../protocol/panel-source.js'
import { StoreWriter } from '../writer/writer.js'
import { isBlob, openArchive, type Archive } from './archive.js'
import { Connection } from './connection.js'
import { FaultFeed } from './faults.js'
import { Handle } from './handle.js'
import { heardOver } from './heard.js'
import { panelSourceOf } from './lazy-panel-source.js'
import { Outbox } from './outbox.js'
import { Pieces } from './pieces.js'
import { createStore } from './store.js'
import { WitnessKeeper } from './witness.js'

/** A store of the file's events in memory, at the places they have in the file. Nothing writes to it. */
export async function openArchiveStore(file: Blob | StoreExport): Promise<ReadableStore> {
  const archive = await openArchive(isBlob(file) ? file : fileOf(file))
  const { store: name, topics, sequence, counters } = archive.header
  const database = createMemoryDatabase()
  await fillLog(database, placedBlocks(archive), topics, sequence + 1)
  const writer = new StoreWriter(name, database)
  const handle = new Handle(sharedOver(writer, await fillCounters(writer, counters)), {})
  const store = createStore(handle, () => {
    handle.shared.connection.close()
    writer.close()
  })
  return readOnly(store, handle)
}

// In the buckets they had.
async function fillCounters(
  { log, counters: desk }: StoreWriter,
  counters: CounterExport | undefined,
): Promise<Tracked> {
  if (!counters) return desk.tracked()
  const { tracked, timeZone } = checkCounters(counters)
  const track = tracked && { track: Object.fromEntries(tracked.map(({ unit, buckets }) => [unit, buckets])) }
  log.counters.counting.name({ at: 0, options: { ...track, ...(timeZone && { timeZone }) } })
  await log.counters.replace(counters, null)
  return desk.tracked()
}

async function* placedBlocks(archive: Archive): AsyncGenerator<PlacedEvents> {
  for await (const { events } of archive.blocks()) yield columnsOfArchived(events)
}

// In the form in which a file is read, some events at a time.
function fileOf(value: unknown): Blob {
  if (typeof value !== 'object' || value === null) throw invalidArgument('file', 'a Blob or a parsed export', value)
  const { events, ...header } = value as StoreExport
  if (!Array.isArray(events)) throw invalidFile(null, 'it has no "events"')
  const pieces = new Pieces()
  try {
    pieces.add(JSON.stringify({ ...header, events: [] }).slice(0, -2))
    events.forEach((event: unknown, at) => pieces.add(`${at === 0 ? '' : ','}${JSON.stringify(event) ?? 'null'}`))
    pieces.add(']}')
    return new Blob(pieces.blobs())
  } catch (error) {
    throw invalidFile(null, `it is not plain JSON (${String(error)})`, error)
  }
}

function sharedOver(writer: StoreWriter, tracked: Tracked): Handle['shared'] {
  const session = writer.join(randomId(), randomId(), () => {})
  const link: Link = {
    host: 'inline',
    writer: session,
    storageFault: null,
    lost: null,
    tracked,
    gone: new Promise(() => {}),
    elected: false,
    useful: true,
    close: () => session.leave(),
  }
  const route = { link, reason: 'It shows a file.' }
  const faults = new FaultFeed()
  const report = faults.report.bind(faults)
  const connection = new Connection(route, async () => route, report)
  const witness = new WitnessKeeper(writer.store, async () => null)
  const outbox = new Outbox(writer.store, connection, report, () => {}, null)
  const close = async (): Promise<void> => connection.close()
  return { name: writer.store, connection, outbox, faults, witness, report, ...heardOver(connection), close }
}

function readOnly(store: Store, handle: Handle): ReadableStore & { [PANEL_SOURCE]: PanelSourceMaker } {
  const { name, topics, read, stream, count, snapshot, timeline, project, history, metrics, close } = store
  const { query, queryMany, queryRatio, queryDelta, ids, trackedIntervals, memoryUsage } = store.counters
  return {
    name,
    topic<E extends { [K in keyof E]: unknown }>(of: string): ReadableTopic<E> {
      const { name: topic, read, stream, latest, last, count } = store.topic<E>(of)
      return { name: topic, read, stream, latest, last, count }
    },
    topics,
    read,
    stream,
    count,
    snapshot,
    timeline,
    project,
    history,
    counters: {
      query,
      queryMany,
      queryRatio,
      queryDelta,
      ids,
      trackedIntervals,
      memoryUsage,
      export: store.counters.export,
    },
    metrics,
    close,
    [asyncDispose]: close,
    [PANEL_SOURCE]: (projections) => ({
      ...panelSourceOf(handle, store, projections),
      producer: null,
      readOnly: true,
      clear: refuse,
      compact: refuse,
      import: refuse,
    }),
  }
}

async function refuse(): Promise<never> {
  throw storeError('unsupported', 'A file cannot be changed: it is only read.')
}
