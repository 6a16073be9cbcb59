import type { Constraint, LimitPlan } from '../fold/counter/limit.js'

const MOST = 100

/** What tabs asked of limits lately, for whoever wants to see how they stand. */
export class LimitsInUse {
  readonly #constraints = new Map<string, Constraint>()

  note({ constraints }: LimitPlan): void {
    for (const constraint of constraints) {
      const key = JSON.stringify(constraint)
      this.#constraints.delete(key)
      this.#constraints.set(key, constraint)
    }
    for (const oldest of this.#constraints.keys()) {
      if (this.#constraints.size <= MOST) break
      this.#constraints.delete(oldest)
    }
  }

  /** The newest first. */
  get constraints(): Constraint[] {
    return [...this.#constraints.values()].reverse()
  }
}
