import { faultOf, StoreError, type Fault } from '../core/fault.js'

/** What a call to the writer comes back with: errors lose their code on the way through Comlink, data does not. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; fault: Fault }

export async function toOutcome<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    return { ok: false, fault: faultOf(error) }
  }
}

export function fromOutcome<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value
  throw new StoreError(outcome.fault)
}
