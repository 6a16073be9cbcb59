/** So many can be told apart, as dots of seven pixels too. */
const COLORS = 12

/** Neighbours on the colour wheel also differ in lightness; all of them show on white and on black. */
const PALETTE: readonly string[] = Array.from({ length: COLORS }, (_, at) => {
  const [lightness, chroma] = at % 2 === 0 ? [0.57, 0.18] : [0.74, 0.14]
  return `oklch(${lightness} ${chroma} ${25 + at * (360 / COLORS)})`
})

/** From one that is taken to the next that may be free: nearly across the wheel. */
const STEP = 5

/**
 * A colour for each name, the same in every session as long as names are learnt in the same order: the one that the name
 * itself gives, unless a name before it has that.
 */
export class NameColors {
  readonly #given = new Map<string, number>()
  readonly #taken = new Set<number>()

  constructor(names: readonly string[] = []) {
    for (const name of names) this.of(name)
  }

  of(name: string): string {
    let at = this.#given.get(name)
    if (at === undefined) {
      at = hash(name) % COLORS
      if (this.#taken.size < COLORS) while (this.#taken.has(at)) at = (at + STEP) % COLORS
      this.#taken.add(at)
      this.#given.set(name, at)
    }
    return PALETTE[at]!
  }
}

function hash(name: string): number {
  let hash = 2166136261
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 16777619)
  }
  return hash >>> 0
}
