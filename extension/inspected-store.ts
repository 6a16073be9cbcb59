import { storeError } from '../src/core/fault.js'
import type { StoreHello } from '../src/protocol/devtools.js'
import type { PanelCall, PanelCalls } from '../src/protocol/panel-calls.js'
import { PIECE_SIZE } from '../src/protocol/devtools.js'
import {
  PANEL_SOURCE_VERSION,
  type ExportFollower,
  type PanelExport,
  type PanelSearch,
  type PanelSource,
} from '../src/protocol/panel-source.js'
import { LineLost, type Line } from './line.js'

const WHOLE: PanelExport = { filter: { all: [] }, before: null, format: 'json' }
/** For each look at the health. */
const PINGS = 5
const MEDIA_TYPES: Record<PanelExport['format'], string> = {
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  'chrome-trace': 'application/json',
}

/** What must not be asked twice. */
type Command = 'compact' | 'upload' | 'import' | 'clear'
type Question = Exclude<PanelCall, Command | 'export' | `search${string}`>

/**
 * A store in another page as a panel source that outlives the line to it: what is asked while there is none waits for
 * the next, and a search goes on there, as a new generation.
 */
export class InspectedStore implements PanelSource {
  readonly version: number = PANEL_SOURCE_VERSION
  readonly store: string
  #hello: StoreHello
  #line: Line | null = null
  #onLine: (() => void)[] = []
  #isClosed = false
  #lastFile = 0

  constructor(hello: StoreHello) {
    this.store = hello.store
    this.#hello = hello
  }

  get producer(): string | null {
    return this.#hello.producer
  }

  get readOnly(): boolean {
    return this.#hello.readOnly
  }

  get projections(): readonly string[] {
    return this.#hello.projections
  }

  /** From here on this line is asked. */
  attach(line: Line, hello: StoreHello): void {
    this.#hello = hello
    this.#line = line
    for (const resolve of this.#onLine.splice(0)) resolve()
    void line.lost.then(() => {
      if (this.#line === line) this.#line = null
    })
  }

  close(): void {
    this.#isClosed = true
    this.#line?.close()
    for (const resolve of this.#onLine.splice(0)) resolve()
  }

  /** Whichever line there is; waits for one. */
  async line(): Promise<Line> {
    while (this.#line === null && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#onLine.push(resolve)
      })
    }
    if (this.#line === null) throw storeError('closed', 'This store is not looked at any more.')
    return this.#line
  }

  overview: PanelSource['overview'] = () => this.#ask('overview', [])
  lanes: PanelSource['lanes'] = (request) => this.#ask('lanes', [request])
  neighbour: PanelSource['neighbour'] = (topic, position, step) => this.#ask('neighbour', [topic, position, step])
  eventAt: PanelSource['eventAt'] = (sequence) => this.#ask('eventAt', [sequence])
  state: PanelSource['state'] = (projection, at, signal) => this.#ask('state', [projection, at], signal)
  changes: PanelSource['changes'] = (projection, path, before, limit, signal) =>
    this.#ask('changes', [projection, path, before, limit], signal)
  counters: PanelSource['counters'] = (request) => this.#ask('counters', [request])
  memory: PanelSource['memory'] = (steps) => this.#ask('memory', [steps])
  search: PanelSource['search'] = async (filter) => inspectedSearch(this, filter)

  async health(): ReturnType<PanelSource['health']> {
    const line = await this.line()
    for (let at = 0; at < PINGS; at++) await line.ping().catch(() => {})
    const health = await this.#ask('health', [])
    return { ...health, line: line.figures.read() }
  }

  async export(what: PanelExport = WHOLE, follow?: ExportFollower): Promise<Blob> {
    const line = await this.line()
    const pieces = await line.export(what, follow).catch((error: unknown) => {
      throw error instanceof LineLost ? cutOff('The export') : error
    })
    return new Blob(pieces, { type: MEDIA_TYPES[what.format] })
  }

  compact: PanelSource['compact'] = () => this.#command('compact')
  async clear(): Promise<void> {
    await this.#command('clear')
  }

  async import(file: Blob): ReturnType<PanelSource['import']> {
    const id = ++this.#lastFile
    for (let at = 0; at === 0 || at < file.size; at += PIECE_SIZE) {
      await this.#command('upload', id, new Uint8Array(await file.slice(at, at + PIECE_SIZE).arrayBuffer()))
    }
    return this.#command('import', id)
  }

  async #ask<Call extends Question>(
    call: Call,
    args: Parameters<PanelCalls[Call]>,
    signal?: AbortSignal,
  ): Promise<ReturnType<PanelCalls[Call]>> {
    return onWhicheverLine(this, (line) => line.ask(call, args, signal))
  }

  async #command<Call extends Command>(
    call: Call,
    ...args: Parameters<PanelCalls[Call]>
  ): Promise<ReturnType<PanelCalls[Call]>> {
    const line = await this.line()
    return line.ask(call, args).catch((error: unknown) => {
      throw error instanceof LineLost ? cutOff(`'${call}'`) : error
    })
  }
}

async function onWhicheverLine<T>(store: InspectedStore, ask: (line: Line) => Promise<T>): Promise<T> {
  for (;;) {
    const line = await store.line()
    try {
      return await ask(line)
    } catch (error) {
      if (!(error instanceof LineLost)) throw error
      // By then the next one is waited for.
      await line.lost
    }
  }
}

let lastSearch = 0

function inspectedSearch(store: InspectedStore, filter: Parameters<PanelSource['search']>[0]): PanelSearch {
  const id = ++lastSearch
  let openOn: { line: Line; opening: Promise<unknown> } | null = null
  let isClosed = false
  let seen: { line: Line; generation: number } | null = null
  let generation = 0

  const onOpen = <T>(ask: (line: Line, isNew: boolean) => Promise<T>): Promise<T> =>
    onWhicheverLine(store, async (line) => {
      const isNew = openOn?.line !== line
      if (isNew) openOn = { line, opening: line.ask('searchOpen', [id, filter]) }
      await openOn!.opening
      return ask(line, isNew)
    })

  return {
    async progress(after) {
      if (isClosed) return null
      const told = await onOpen(async (line, isNew) => {
        const asked = isNew || seen?.line !== line ? -1 : after
        return { line, progress: await line.ask('searchProgress', [id, asked]) }
      })
      const { line, progress } = told
      if (isClosed || progress === null) return null
      if (seen?.line !== line || seen.generation !== progress.generation) generation++
      seen = { line, generation: progress.generation }
      return { ...progress, generation }
    },
    rows: (first, count) => onOpen((line) => line.ask('searchRows', [id, first, count])),
    rankOf: (sequence) => onOpen((line) => line.ask('searchRank', [id, sequence])),
    histogram: (since, until, buckets) => onOpen((line) => line.ask('searchHistogram', [id, since, until, buckets])),
    close() {
      isClosed = true
      if (openOn === null) return
      const { line, opening } = openOn
      // Before it is open there is nothing to close.
      opening.then(() => line.ask('searchClose', [id])).catch(() => {})
    },
  }
}

function cutOff(what: string): Error {
  return storeError('outcome-unknown', `${what} was cut off: the page went before it answered. Look, and try again.`)
}
