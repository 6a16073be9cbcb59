import { Refused, type InspectedTab, type Refusal } from '../../extension/inspected-tab.js'
import type { FoundStore } from '../../extension/messages.js'
import type { Wire } from '../../extension/wire.js'
import { PanelServer } from '../../src/client/serve-panel.js'
import { DEVTOOLS_VERSION } from '../../src/protocol/devtools.js'
import type { PanelSource } from '../../src/protocol/panel-source.js'
import { fakePanelSource } from './fake-panel-source.js'
import { portWire } from './port-wire.js'

export interface FakeFrame {
  origin?: string
  path?: string
  inside?: string[]
  /** By name; the version may be another one. */
  stores: Record<string, { source: PanelSource; version?: number }>
}

export const storeNamed = (store: string, events = 3): { source: PanelSource } => ({
  source: fakePanelSource({ store, events }),
})

/** A tab whose page is an object. */
export class FakeTab implements InspectedTab {
  readonly canBeAllowed = true
  refusal: Refusal | null = null
  isThere = true
  injected = 0
  /** How long the browser takes to put scripts in. */
  injectMs = 0
  readonly asked: string[] = []
  #page: FakeFrame[]
  #ends = new Set<() => void>()
  #tell = new Set<() => void>()
  #onChange = (): void => {}

  constructor(page: FakeFrame[]) {
    this.#page = page
  }

  /** The page goes, with all wires to it; another one comes. */
  navigate(page: FakeFrame[], { cached = false } = {}): void {
    for (const say of this.#leaving) say(cached)
    this.#page = page
    for (const end of this.#ends) end()
    this.#ends.clear()
    this.#onChange()
  }

  /** A store opens, or closes, in the page that is there. */
  change(frame: number, stores: FakeFrame['stores']): void {
    this.#page[frame]!.stores = stores
    for (const tell of this.#tell) tell()
  }

  allow(): void {
    this.refusal = null
    this.#onChange()
  }

  async inject(): Promise<number[]> {
    this.injected++
    if (this.injectMs > 0) await new Promise((resolve) => setTimeout(resolve, this.injectMs))
    if (this.refusal !== null) throw new Refused(this.refusal)
    return this.#page.map((_, frame) => frame)
  }

  connectFrame(id: number): Wire {
    const frame = this.#page[id]!
    const { wire, port, end } = portWire()
    const tell = (): void => port.postMessage({ is: 'stores', stores: found(frame) })
    const leave = (cached: boolean): void => port.postMessage({ is: 'leaving', cached })
    this.#tell.add(tell)
    this.#leaving.add(leave)
    this.#ends.add(() => {
      this.#tell.delete(tell)
      this.#leaving.delete(leave)
      end()
    })
    port.postMessage({ is: 'inside', origins: frame.inside ?? [] })
    port.postMessage({ is: 'frame', origin: frame.origin ?? 'https://app.test', path: frame.path ?? '/' })
    tell()
    return wire
  }

  connectStore(frame: number, store: number): Wire {
    const { wire, port, end } = portWire()
    const entry = Object.values(this.#page[frame]!.stores)[store]
    const server = entry && new PanelServer(entry.source, port)
    this.#ends.add(() => {
      end()
      server?.close()
    })
    return wire
  }

  onChange(listener: () => void): void {
    this.#onChange = listener
  }

  async isAllowed(origin: string): Promise<boolean> {
    return origin !== 'https://forbidden.test' || this.asked.includes(origin)
  }

  async requestPermission(origin: string): Promise<boolean> {
    this.asked.push(origin)
    this.refusal = null
    return true
  }

  isAlive(): boolean {
    return this.isThere
  }

  readonly #leaving = new Set<(cached: boolean) => void>()
}

function found({ stores }: FakeFrame): FoundStore[] {
  return Object.entries(stores).map(([name, { version = DEVTOOLS_VERSION }], id) => ({
    id,
    name,
    version,
    producer: 'p1',
  }))
}
