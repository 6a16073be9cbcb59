import { DEVTOOLS, registryIn, type AnnouncedStore, type DevtoolsRegistry } from '../src/protocol/devtools.js'
import type { FoundStore } from './messages.js'

/**
 * What the page's libraries have announced, by numbers that hold as long as the page. A page that has none yet gets the
 * place to announce them, so that a library that loads late is heard of.
 */
export class AnnouncedStores {
  readonly #registry: DevtoolsRegistry
  readonly #ids = new WeakMap<AnnouncedStore, number>()
  #lastId = 0

  constructor(scope: object) {
    this.#registry = registryIn(scope)
  }

  /** Whether somebody listens already. */
  get isWatched(): boolean {
    return this.#registry.onChange !== null
  }

  watch(onChange: () => void): void {
    this.#registry.onChange = onChange
  }

  isOf(scope: object): boolean {
    return (scope as { [DEVTOOLS]?: unknown })[DEVTOOLS] === this.#registry
  }

  found(): FoundStore[] {
    return Array.from(this.#registry.stores, (store) => {
      const { name, version, producer } = store
      return { id: this.#idOf(store), name, version, producer }
    })
  }

  get(id: number): AnnouncedStore | undefined {
    return [...this.#registry.stores].find((store) => this.#idOf(store) === id)
  }

  #idOf(store: AnnouncedStore): number {
    const id = this.#ids.get(store) ?? ++this.#lastId
    this.#ids.set(store, id)
    return id
  }
}
