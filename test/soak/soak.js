/**
 * Eight real tabs on one store, on mixed hosts and two versions of the app, while tabs crash and close, workers are
 * killed, transactions fail and the disk is full. In the end a fresh tab reads the log, and every event is compared with
 * what its tab was promised.
 */
import { startKit } from '../kit/browser.js'
import { BrowserFaults } from './browser-faults.js'
import { judge } from './judge.js'
import { Ledger } from './ledger.js'
import { scheduleOf } from './schedule.js'
import { servedFrom } from './serve.js'
import { Tab, TabGone } from './tab.js'

/** @import { BrowserKit, Tabs } from '../kit/browser.js' */
/** @import { Judged } from './judge.js' */
/** @import { Action, Blow, Kind, Schedule } from './schedule.js' */

/** @typedef {{ seed: number, seconds: number, tabs: number, dist: string }} SoakOptions `dist` is the folder of the built package */

/**
 * `hung` is what was never answered, `causes` how often what was caused.
 * @typedef {Judged & { schedule: Schedule, ledger: Ledger, hung: string[], causes: Record<string, number> }} SoakReport
 */

/** What it may take beyond the time of the soak: to open, to settle, to read all. */
const GRACE_MS = 150_000

/** When the machine cannot keep up, what is later than this is left out. */
const LATEST_MS = 5_000

/**
 * @param {SoakOptions} options
 * @returns {Promise<SoakReport>}
 */
export async function runSoak(options) {
  const kit = await startKit(servedFrom(options.dist))
  const soak = new Soak(options, kit, await kit.freshTabs())
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  const overdue = new Promise((_resolve, reject) => {
    const ms = options.seconds * 1000 + GRACE_MS
    timer = setTimeout(
      () => reject(new Error(`Seed ${options.seed}: not over after ${ms / 1000} s (${soak.doing}).`)),
      ms,
    )
  })
  try {
    return await Promise.race([soak.run(), /** @type {Promise<never>} */ (overdue)])
  } finally {
    clearTimeout(timer)
    await kit.close()
  }
}

class Soak {
  doing = 'opening'
  #options
  #kit
  #tabs
  #schedule
  #ledger
  #madeAt = performance.now()
  /** What the schedule counts from: when all tabs are open. */
  #startedAt = 0
  #lives = 0
  /** By slot. */
  #open = /** @type {Map<number, Tab>} */ (new Map())
  /** @type {string[]} */
  #hung = []
  /** @type {Record<string, number>} */
  #causes = {}

  /**
   * @param {SoakOptions} options
   * @param {BrowserKit} kit
   * @param {Tabs} tabs
   */
  constructor(options, kit, tabs) {
    this.#options = options
    this.#kit = kit
    this.#tabs = tabs
    this.#schedule = scheduleOf(options)
    this.#ledger = new Ledger(() => performance.now() - this.#madeAt)
  }

  /** @returns {Promise<SoakReport>} */
  async run() {
    const { seconds } = this.#options
    const quota = (40 + seconds) * 2 ** 20
    const { browser, server } = this.#kit
    const faults = await BrowserFaults.start(browser, this.#tabs.context, server.origin, quota, () => {
      this.#count('transactions aborted')
      this.#ledger.hit()
    })
    await Promise.all(this.#schedule.kinds.map((kind, slot) => this.#reopen(slot, kind)))
    this.#startedAt = performance.now()
    this.#ledger.note('it begins')
    this.doing = 'acting'
    await Promise.all([...this.#schedule.kinds.map((kind, slot) => this.#act(slot, kind)), this.#strike(faults)])
    await this.#calmDown(faults)
    this.doing = 'ending'
    await Promise.all(this.#schedule.finale.map((action) => this.#end(action)))
    await faults.tabsGone()
    this.doing = 'reading all'
    const judged = await judge({
      id: ++this.#lives,
      context: this.#tabs.context,
      origin: server.origin,
      ledger: this.#ledger,
    })
    return { ...judged, schedule: this.#schedule, ledger: this.#ledger, hung: this.#hung, causes: this.#causes }
  }

  #now() {
    return performance.now() - this.#startedAt
  }

  /** @param {string} what */
  #count(what, times = 1) {
    this.#causes[what] = (this.#causes[what] ?? 0) + times
  }

  /**
   * Resolves at its time; tells whether there is a point in it still.
   * @param {number} at
   */
  async #turn(at) {
    const ms = at - this.#now()
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms))
    if (this.#now() < this.#options.seconds * 1000 + LATEST_MS) return true
    this.#count('actions left out')
    return false
  }

  /**
   * @param {number} slot
   * @param {Kind} kind
   */
  async #act(slot, kind) {
    for (const action of this.#schedule.actions) {
      if (action.slot !== slot || !(await this.#turn(action.at))) continue
      const tab = this.#open.get(slot) ?? (await this.#reopen(slot, kind))
      await this.#inTab(tab, slot, () => tab.act(action))
      if (!action.again) continue
      this.#count(`ended by ${action.do}`)
      kind = action.again
      await this.#reopen(slot, kind)
    }
  }

  /**
   * @param {number} slot
   * @param {Kind} kind
   * @returns {Promise<Tab>}
   */
  async #reopen(slot, kind) {
    while (true) {
      const id = ++this.#lives
      const { context } = this.#tabs
      const { origin } = this.#kit.server
      try {
        const tab = await Tab.open({ id, slot, kind, context, origin, ledger: this.#ledger })
        this.#open.set(slot, tab)
        void tab.gone.then((how) => {
          this.#count(how === 'crash' ? 'renderers crashed' : 'tabs gone')
          if (this.#open.get(slot) === tab) this.#open.delete(slot)
          return tab.remove()
        })
        return tab
      } catch (error) {
        if (error instanceof TabGone) continue
        throw error
      }
    }
  }

  /**
   * A tab that dies of something else takes nothing with it; one that hangs is told, and replaced.
   * @param {Tab} tab
   * @param {number} slot
   * @param {() => Promise<unknown>} work
   */
  async #inTab(tab, slot, work) {
    try {
      await work()
    } catch (error) {
      if (error instanceof TabGone) return
      this.#hung.push(String(error))
      this.#ledger.note(String(error), slot)
      await tab.close()
    }
  }

  /** @param {BrowserFaults} faults */
  async #strike(faults) {
    for (const blow of this.#schedule.blows) {
      if (!(await this.#turn(blow.at))) continue
      await this.#blow(faults, blow)
    }
  }

  /**
   * @param {BrowserFaults} faults
   * @param {Blow} blow
   */
  async #blow(faults, blow) {
    switch (blow.do) {
      case 'kill-workers': {
        this.#ledger.note('the SharedWorkers are killed')
        return this.#count('SharedWorkers killed', await faults.killSharedWorkers())
      }
      case 'kill-leader':
        return this.#killLeader(blow.at % 2 === 0)
      case 'abort':
        this.#ledger.note(`${blow.times} transactions will fail (${blow.where}, ${blow.how})`)
        return faults.abortTransactions(blow)
      case 'wall': {
        this.#ledger.note('the disk fills')
        this.#ledger.fill()
        const bytes = await faults.fillDisk()
        this.#ledger.note(`the disk is full after ${bytes} bytes`)
        return this.#count('walls')
      }
      case 'lift':
        return this.#lift(faults)
    }
  }

  /** @param {BrowserFaults} faults */
  async #lift(faults) {
    await faults.freeDisk()
    this.#ledger.free()
    this.#ledger.note('the disk is free again')
  }

  /** @param {boolean} crash or close it */
  async #killLeader(crash) {
    for (const [slot, tab] of [...this.#open]) {
      let leads = false
      await this.#inTab(tab, slot, async () => void (leads = await tab.leads()))
      if (!leads) continue
      this.#count('leaders killed')
      this.#ledger.note(`tab ${tab.id}, the leader, is ${crash ? 'crashed' : 'closed'}`)
      return this.#inTab(tab, slot, () => (crash ? tab.crash() : tab.close()))
    }
  }

  /**
   * Nothing fails any more: all that was asked is answered, and every subscription comes to the end of the log.
   * @param {BrowserFaults} faults
   */
  async #calmDown(faults) {
    this.doing = 'settling'
    await this.#lift(faults)
    for (const where of ['page', 'shared', 'dedicated'])
      await faults.abortTransactions({ where, how: 'start', times: 0 })
    this.#ledger.note('calm')
    const tabs = [...this.#open]
    await Promise.all(tabs.map(([slot, tab]) => this.#inTab(tab, slot, () => tab.settle())))
    this.doing = 'hearing all'
    await Promise.all(
      [...this.#open].map(([slot, tab]) =>
        this.#inTab(tab, slot, async () => {
          const head = await tab.head()
          await tab.hearAll(head)
          this.#ledger.heardAll(tab.id, head)
        }),
      ),
    )
  }

  /** @param {Action} action */
  async #end(action) {
    const tab = this.#open.get(action.slot)
    if (!tab) return
    await this.#inTab(tab, action.slot, () => tab.act(action))
    this.#count(`ended by ${action.do}`)
  }
}
