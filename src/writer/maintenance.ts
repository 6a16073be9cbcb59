import type { CompactReport } from '../core/health.js'
import type { CompactPolicy } from '../log/compact.js'
import type { Log } from '../log/log.js'
import type { Flusher } from './flusher.js'
import type { Settings } from './settings.js'

/** Looked after at most this often, and only after commits. */
const EVERY_MS = 1_000

/** In the background only what many small flushes left is merged, and what is long past is compressed. */
const MERGE_FROM = 16
const COMPRESS_AFTER = 64

/** Whoever waits for the end of it takes longer steps than whoever works on meanwhile should notice. */
const ASKED_STEP_BYTES = 2 * 1024 * 1024
const BACKGROUND_STEP_BYTES = 200 * 1024

type KeptLog = Pick<Log, 'compactStep' | 'refresh' | 'retain'>
type Turns = Pick<Flusher, 'inTurn' | 'isCommitting'>

/** Retention, merging and compression of what is committed, in turns so short that appends do not wait for them. */
export class Maintenance {
  readonly #log: KeptLog
  readonly #flusher: Turns
  readonly #now: () => number
  readonly #settings: Settings
  #timer: ReturnType<typeof setTimeout> | null = null
  #working = false
  #again = false
  #closed = false

  constructor(log: KeptLog, flusher: Turns, settings: Settings, now: () => number) {
    this.#log = log
    this.#flusher = flusher
    this.#settings = settings
    this.#now = now
  }

  /** Something was committed. */
  wake(): void {
    if (this.#timer !== null || this.#closed) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      // One at a time: the one under way ends with its step.
      if (this.#working) this.#again = true
      else void this.#inBackground()
    }, EVERY_MS)
    ;(this.#timer as { unref?: () => void }).unref?.()
  }

  /** Everything there is to do, now. */
  async compact(): Promise<CompactReport> {
    const before = await this.#log.refresh()
    const evicted = await this.#retain()
    const policy = {
      mergeFrom: 2,
      compressAfter: this.#settings.compression === 'cold' ? 0 : Infinity,
      stepBytes: ASKED_STEP_BYTES,
    }
    while (await this.#step(policy));
    const after = await this.#log.refresh()
    return {
      segmentsBefore: before.segments,
      segmentsAfter: after.segments,
      bytesBefore: before.bytes,
      bytesAfter: after.bytes,
      evicted,
    }
  }

  close(): void {
    this.#closed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  // While events are being committed, machine and database are theirs: it goes on when none are. What fails here is
  // tried again after the next commit, which will tell of a storage that is in trouble.
  async #inBackground(): Promise<void> {
    this.#working = true
    try {
      await this.#retain()
      const policy = {
        mergeFrom: MERGE_FROM,
        compressAfter: this.#settings.compression === 'cold' ? COMPRESS_AFTER : Infinity,
        stepBytes: BACKGROUND_STEP_BYTES,
      }
      for (let startedAt = performance.now(); !this.#closed && !this.#again;) {
        if (this.#flusher.isCommitting) {
          this.wake()
          break
        }
        if (!(await this.#step(policy))) break
        await rest(performance.now() - startedAt)
        startedAt = performance.now()
      }
    } catch {}
    this.#working = false
    if (!this.#again || this.#closed) return
    this.#again = false
    void this.#inBackground()
  }

  async #retain(): Promise<number> {
    const policy = this.#settings.retention
    if (policy === null) return 0
    let evicted = 0
    const retain = async (): Promise<void> => {
      evicted += await this.#log.retain(policy, this.#now())
    }
    await this.#flusher.inTurn(retain, { frees: true })
    return evicted
  }

  // Not in turn: it works beside the appends and gives way when it finds the log changed.
  #step(policy: CompactPolicy): Promise<boolean> {
    return this.#log.compactStep(policy)
  }
}

// As long again as it worked: half of the time is everyone else's.
function rest(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    // In Node it would keep the process alive.
    ;(timer as { unref?: () => void }).unref?.()
  })
}
