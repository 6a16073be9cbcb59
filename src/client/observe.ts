import type { ProjectedState, Projection } from '../core/projection.js'
import { isSame } from '../fold/diff.js'
import { requestFor } from '../protocol/writer-api.js'
import { idOf, type Folded } from './fold-log.js'
import type { Handle } from './handle.js'
import { foldLive } from './project.js'
import { handOver, type Delivery } from './subscription.js'

/** Retention may take events every second. Where folding what is left takes long, the page then rests this many times as long. */
const REST = 4

// What was told last is kept as a copy: a reducer may change the state it is given, a handler the state it is told. So
// every batch of the projection's topics costs a look at all of the state.
export async function observeLog<S>(
  handle: Handle,
  projection: Projection<S>,
  handler: (projected: ProjectedState<S>) => void,
  delivery: Delivery,
): Promise<void> {
  let told: { state: S } | null = null
  let restsUntil = 0
  const foldAnew = async (): Promise<Folded<S>> => {
    await until(restsUntil)
    const startedAt = performance.now()
    const own = await foldLive(handle, projection, Infinity)
    const now = performance.now()
    restsUntil = now + REST * (now - startedAt)
    return own
  }
  const tell = (): void => {
    const { fold } = folded
    const state = fold.copy()
    if (!delivery.isOpen || (told !== null && isSame(told.state, state))) return
    told = { state: fold.copyOf(state) }
    const { sequence, replayed } = fold
    handOver(handler, { state, sequence, replayed }, (fault) => handle.report(fault))
  }

  let folded = await foldLive(handle, projection, Infinity)
  delivery.position = folded.end
  tell()
  delivery.ready()
  const { topics } = idOf(projection, null)
  while (delivery.isOpen) {
    const { removals } = folded
    const request = requestFor({ topics, sequences: [delivery.position, Infinity], wait: true, removals })
    const page = await handle.ask(request)
    if (!delivery.isOpen) return
    if (page.removals !== removals) {
      folded = await foldAnew()
      if (!delivery.isOpen) return
      delivery.position = Math.max(delivery.position, folded.end)
      tell()
    } else {
      await folded.add(page)
      delivery.position = Math.max(delivery.position, page.next ?? page.head)
      if (page.slices.length > 0) tell()
    }
  }
}

function until(time: number): Promise<void> {
  const ms = time - performance.now()
  return ms <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms))
}
