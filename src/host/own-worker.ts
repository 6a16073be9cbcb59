import { deferred } from '../core/deferred.js'
import type { WorkerNotice, WorkerOrder } from '../protocol/leader.js'
import { failureOf } from './failure.js'
import type { Line } from './remote.js'

/** The leader's worker, as its own tab has it. */
export class OwnWorker {
  readonly #worker: Worker
  readonly #failed: Promise<never>
  readonly #ended = deferred<never>()
  #started = false
  #deposed = false

  constructor(worker: Worker) {
    this.#worker = worker
    this.#failed = failureOf(worker)
    worker.addEventListener('message', ({ data }) => {
      if ((data as WorkerNotice | null)?.tabscribe === 'leading') this.#started = true
    })
    this.#order({ tabscribe: 'lead' })
  }

  /** Whether it answers other tabs by now. */
  get started(): boolean {
    return this.#started
  }

  /** Whether it was ended since another tab leads, or may: what was asked of it is asked there. */
  get deposed(): boolean {
    return this.#deposed
  }

  /** A line to it for one store of this tab, without the detour over a channel. */
  line(): Line {
    const { port1, port2 } = new MessageChannel()
    this.#order({ tabscribe: 'serve', port: port2 }, [port2])
    port1.start()
    // Once it runs, an error it did not catch does not mean that it stopped.
    const failed = this.#started ? this.#ended.promise : Promise.race([this.#failed, this.#ended.promise])
    failed.catch(() => {})
    return { endpoint: port1, failed, elected: false, hangUp: () => port1.close() }
  }

  end({ deposed }: { deposed: boolean }): void {
    this.#deposed = deposed
    this.#worker.terminate()
    this.#ended.reject(new Error('it was ended while it started'))
  }

  #order(order: WorkerOrder, transfer: Transferable[] = []): void {
    this.#worker.postMessage(order, transfer)
  }
}
