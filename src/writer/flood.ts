import type { Head } from '../log/database.js'

/** Events a millisecond. */
const FLOOD = 20
const LOOK_EVERY_MS = 50

/** Whoever writes so fast is not to be slowed down by who only wants to count it. */
export class Flood {
  #seen = { at: -Infinity, end: 0, isOn: false }

  isOn(head: Head | null): boolean {
    const now = performance.now()
    const end = head?.nextSequence ?? 0
    const { at, end: before } = this.#seen
    const isFirst = at === -Infinity
    if (now - at >= LOOK_EVERY_MS) this.#seen = { at: now, end, isOn: !isFirst && (end - before) / (now - at) > FLOOD }
    return this.#seen.isOn
  }
}
