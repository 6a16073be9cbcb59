/**
 * Something that is so now, for all components that look at it: they see one and the same value, and it is looked after
 * once. It runs while anybody listens; who goes and comes back within one task (StrictMode, a changed key) does not
 * stop it.
 */
export class Source<V> {
  readonly #start: (show: (view: V) => void) => () => void
  readonly #onIdle: () => void
  readonly #listeners = new Set<{ onChange: () => void }>()
  #view: V
  #stop: (() => void) | null = null

  constructor(first: V, start: (show: (view: V) => void) => () => void, onIdle: () => void) {
    this.#view = first
    this.#start = start
    this.#onIdle = onIdle
  }

  get view(): V {
    return this.#view
  }

  listen(onChange: () => void): () => void {
    const listener = { onChange }
    this.#listeners.add(listener)
    this.#stop ??= this.#start((view) => {
      this.#view = view
      for (const own of this.#listeners) own.onChange()
    })
    return () => {
      this.#listeners.delete(listener)
      queueMicrotask(() => this.#rest())
    }
  }

  #rest(): void {
    if (this.#listeners.size > 0 || this.#stop === null) return
    this.#stop()
    this.#stop = null
    this.#onIdle()
  }
}

const sources = new WeakMap<object, Map<string, unknown>>()

/** What components see of `key` now; undefined while none looks at it. */
export function viewOf<V>(owner: object, key: string): V | undefined {
  return find<V>(owner, key)?.view
}

/** Looks at what `key` names together with whoever does so already. The key says all that `start` depends on. */
export function listenTo<V>(
  owner: object,
  key: string,
  first: V,
  start: (show: (view: V) => void) => () => void,
  onChange: () => void,
): () => void {
  const known = find<V>(owner, key)
  if (known) return known.listen(onChange)
  const own = sources.get(owner) ?? new Map<string, unknown>()
  const source = new Source(first, start, () => own.delete(key))
  sources.set(owner, own.set(key, source))
  return source.listen(onChange)
}

// A key names what is seen, and so the type of it.
function find<V>(owner: object, key: string): Source<V> | undefined {
  return sources.get(owner)?.get(key) as Source<V> | undefined
}
