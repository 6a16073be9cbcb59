import type { WorkerNotice, WorkerOrder } from '../protocol/leader.js'
import { failureOf } from './failure.js'
import type { Line } from './remote.js'

/** The leader's worker, as its own tab has it. */
export class OwnWorker {
  readonly #worker: Worker
  readonly #failed: Promise<never>
  #started = false

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

  /** A line to it for one store of this tab, without the detour over a channel. */
  line(): Line {
    const { port1, port2 } = new MessageChannel()
    this.#order({ tabscribe: 'serve', port: port2 }, [port2])
    port1.start()
    // Once it runs, an error it did not catch does not mean that it stopped.
    const failed = this.#started ? new Promise<never>(() => {}) : this.#failed
    return { endpoint: port1, failed, elected: false, hangUp: () => port1.close() }
  }

  terminate(): void {
    this.#worker.terminate()
  }

  #order(order: WorkerOrder, transfer: Transferable[] = []): void {
    this.#worker.postMessage(order, transfer)
  }
}
