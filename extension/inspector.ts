import { DEVTOOLS_VERSION } from '../src/protocol/devtools.js'
import { choicesIn, type Choice, type Frame } from './choices.js'
import { InspectedStore } from './inspected-store.js'
import { Refused, type InspectedTab, type Refusal } from './inspected-tab.js'
import { Line } from './line.js'
import { asFromFrame } from './messages.js'
import { PATIENT_ATTEMPTS, phaseOf, type Phase } from './phase.js'

const FIRST_RETRY_MS = 50
const LAST_RETRY_MS = 500
const WATCH_EVERY_MS = 1000

/** Finds the stores of the inspected page and keeps a line to the chosen one. It never chooses another by itself. */
export class Inspector {
  readonly #tab: InspectedTab
  readonly #onChange: () => void
  readonly #frames = new Map<number, Frame>()
  #chosen: Choice | null = null
  #source: InspectedStore | null = null
  #line: Line | null = null
  /** Where the line leads. */
  #connected: Choice | null = null
  #connecting = false
  #refusal: Refusal | null = null
  #isCached = false
  #theirs: number | null = null
  #attempt = 0
  #why = ''
  #looking = false
  #lookAgain = false
  #retry: ReturnType<typeof setTimeout> | undefined
  #watch: ReturnType<typeof setInterval> | undefined

  constructor(tab: InspectedTab, onChange: () => void) {
    this.#tab = tab
    this.#onChange = onChange
  }

  start(): void {
    this.#tab.onChange(() => this.#lookEverywhere())
    // Nothing tells a page of an extension that it was reloaded.
    this.#watch = setInterval(() => {
      if (!this.#tab.isAlive()) this.close()
    }, WATCH_EVERY_MS)
    this.look()
  }

  close(): void {
    clearInterval(this.#watch)
    this.#stopRetry()
    this.#line?.close()
    this.#onChange()
  }

  get source(): InspectedStore | null {
    return this.#source
  }

  /** Origins of frames that the panel may not look into. */
  get forbidden(): string[] {
    return [...new Set([...this.#frames.values()].flatMap(({ forbidden }) => forbidden))]
  }

  get canBeAllowed(): boolean {
    return this.#tab.canBeAllowed
  }

  get chosen(): Choice | null {
    return this.#chosen
  }

  get choices(): Choice[] {
    return choicesIn(this.#frames.values())
  }

  get phase(): Phase {
    return phaseOf({
      isAlive: this.#tab.isAlive(),
      refusal: this.#refusal,
      frames: Array.from(this.#frames.values())
        .filter(({ stores }) => stores !== null)
        .map(({ origin, path, stores }) => ({ place: origin + path, stores: stores?.length ?? 0 })),
      chosen: this.#chosen?.store.name ?? null,
      isFound: this.choices.some(({ key }) => key === this.#chosen?.key),
      isAttached: this.#line !== null,
      isCached: this.#isCached,
      theirs: this.#theirs,
      ours: DEVTOOLS_VERSION,
      attempt: this.#attempt,
      why: this.#why,
    })
  }

  choose(key: string): void {
    const choice = this.choices.find((one) => one.key === key)
    if (choice === undefined || key === this.#chosen?.key) return
    this.#line?.close()
    this.#line = null
    this.#source?.close()
    this.#source = null
    this.#chosen = choice
    this.#settle()
  }

  /** Must be called while a click is handled. */
  async allow(origin: string): Promise<void> {
    if (!(await this.#tab.requestPermission(origin))) return
    this.#lookEverywhere()
  }

  #lookEverywhere(): void {
    this.look()
    for (const frame of this.#frames.values()) void this.#lookInside(frame)
  }

  look(): void {
    this.#stopRetry()
    if (this.#looking) this.#lookAgain = true
    else void this.#look()
  }

  async #look(): Promise<void> {
    this.#looking = true
    do {
      this.#lookAgain = false
      try {
        const ids = await this.#tab.inject()
        this.#refusal = null
        for (const id of ids) this.#join(id)
      } catch (error) {
        this.#refusal = error instanceof Refused ? error.refusal : { because: 'browser', why: String(error) }
      }
    } while (this.#lookAgain)
    this.#looking = false
    this.#settle()
  }

  #join(id: number): void {
    if (this.#frames.has(id)) return
    const wire = this.#tab.connectFrame(id)
    const frame: Frame = { id, wire, origin: '', path: '', stores: null, inside: [], forbidden: [], isLeaving: false }
    this.#frames.set(id, frame)
    wire.listen(
      (message) => this.#hear(frame, message),
      () => {
        if (this.#frames.get(id) !== frame) return
        this.#frames.delete(id)
        this.#why = 'the page was left or loaded anew'
        this.#settle()
        this.look()
      },
    )
  }

  #hear(frame: Frame, told: unknown): void {
    const message = asFromFrame(told)
    if (message === null) return
    if (message.is === 'frame') Object.assign(frame, { origin: message.origin, path: message.path })
    else if (message.is === 'stores') frame.stores = message.stores
    else if (message.is === 'inside') {
      frame.inside = message.origins
      this.look()
      void this.#lookInside(frame)
    } else {
      frame.isLeaving = true
      if (frame.id === this.#chosen?.frame) this.#isCached = message.cached
    }
    this.#settle()
  }

  async #lookInside(frame: Frame): Promise<void> {
    const forbidden: string[] = []
    for (const origin of frame.inside) {
      if (/^https?:/.test(origin) && !(await this.#tab.isAllowed(origin))) forbidden.push(origin)
    }
    frame.forbidden = forbidden
    this.#onChange()
  }

  /** Does what is to be done next, given what is known by now. */
  #settle(): void {
    this.#chooseFirst()
    if (this.#line !== null && !this.#isOpen(this.#connected)) this.#line.close()
    const found = this.choices.find(({ key }) => key === this.#chosen?.key)
    if (found !== undefined && this.#frames.get(found.frame)?.isLeaving === false) this.#isCached = false
    this.#theirs = found === undefined || found.store.version === DEVTOOLS_VERSION ? null : found.store.version
    const isWanted = this.#chosen !== null && this.#line === null && this.#theirs === null
    if (isWanted && this.#retry === undefined) {
      if (found === undefined) {
        // Frames that were reached tell by themselves what opens in them.
        if (this.#frames.size === 0 || this.#attempt < PATIENT_ATTEMPTS) this.#retryLater()
      } else void this.#connect(found)
    }
    this.#onChange()
  }

  // Another handle of the same store is another one: this one's port ends with it, and nothing tells.
  #isOpen(choice: Choice | null): boolean {
    const stores = choice && this.#frames.get(choice.frame)?.stores
    return stores?.some(({ id }) => id === choice?.store.id) === true
  }

  // The page itself goes first, once it has told what it has.
  #chooseFirst(): void {
    if (this.#chosen !== null || this.#frames.get(0)?.stores === null) return
    this.#chosen = this.choices[0] ?? null
  }

  async #connect(choice: Choice): Promise<void> {
    if (this.#connecting) return
    this.#connecting = true
    const line = new Line(this.#tab.connectStore(choice.frame, choice.store.id))
    try {
      const hello = await line.hello()
      // The page may be another one by now, which numbers its own stores.
      if (hello.store !== choice.store.name) throw new Error('the page was loaded anew')
      if (choice.key !== this.#chosen?.key) throw new Error('another store was chosen')
      this.#source ??= new InspectedStore(hello)
      this.#source.attach(line, hello)
      this.#chosen = choice
      this.#line = line
      this.#connected = choice
      this.#attempt = 0
      void line.lost.then(() => {
        if (this.#line !== line) return
        this.#line = null
        this.#why = 'the store was closed'
        this.#settle()
      })
    } catch (error) {
      line.close()
      this.#why = error instanceof Error ? error.message : String(error)
      this.#retryLater()
    }
    this.#connecting = false
    this.#settle()
  }

  #retryLater(): void {
    this.#stopRetry()
    if (!this.#tab.isAlive()) return
    const afterMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#attempt++)
    this.#retry = setTimeout(() => this.look(), afterMs)
  }

  #stopRetry(): void {
    clearTimeout(this.#retry)
    this.#retry = undefined
  }
}
