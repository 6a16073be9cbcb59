/** @import { CDPSession } from 'playwright-core' */

/** @typedef {{ usedSize: number, backingStorageSize?: number }} HeapUsage */

/** The heap of a SharedWorker, which only the raw protocol shows. */
export class WorkerHeap {
  #session
  #id
  #calls = 0
  /** @type {Map<number, { resolve: (result: unknown) => void, reject: (error: Error) => void }>} */
  #waiting = new Map()

  /**
   * @param {CDPSession} session the browser's
   * @param {string} origin
   */
  static async attach(session, origin) {
    const { targetInfos } = await session.send('Target.getTargets')
    const worker = targetInfos.find(({ type, url }) => type === 'shared_worker' && url.startsWith(`${origin}/`))
    if (worker === undefined) throw new Error(`No SharedWorker runs on ${origin}.`)
    const { sessionId } = await session.send('Target.attachToTarget', { targetId: worker.targetId, flatten: false })
    return new WorkerHeap(session, sessionId)
  }

  /**
   * @param {CDPSession} session
   * @param {string} id
   */
  constructor(session, id) {
    this.#session = session
    this.#id = id
    session.on('Target.receivedMessageFromTarget', ({ sessionId, message }) => {
      if (sessionId === id) this.#receive(JSON.parse(message))
    })
  }

  /** Bytes of objects and of array buffers. */
  async bytes() {
    const usage = /** @type {HeapUsage} */ (await this.#call('Runtime.getHeapUsage'))
    return usage.usedSize + (usage.backingStorageSize ?? 0)
  }

  /** The same after all garbage is gone. */
  async settledBytes() {
    await this.#call('HeapProfiler.collectGarbage')
    return this.bytes()
  }

  /** @param {string} method */
  async #call(method) {
    const id = ++this.#calls
    const answer = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }))
    const message = JSON.stringify({ id, method })
    await this.#session.send('Target.sendMessageToTarget', { sessionId: this.#id, message })
    return answer
  }

  /** @param {{ id?: number, result?: unknown, error?: { message: string } }} message */
  #receive({ id, result, error }) {
    if (id === undefined) return
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (error) waiting?.reject(new Error(error.message))
    else waiting?.resolve(result)
  }
}
