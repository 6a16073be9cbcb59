/** Firefox by Playwright, and how a tab of it is crashed. */
import { fileURLToPath } from 'node:url'
import { firefox } from 'playwright-core'
import { findBrowser } from './find-browser.js'
import { descendantsOf, killProcess, until } from './processes.js'

/** @import { Browser, LaunchOptions, Page } from 'playwright-core' */

/**
 * How Playwright starts a Firefox of the system's.
 * @returns {LaunchOptions}
 */
export function firefoxOptions() {
  return { executablePath: findBrowser('firefox'), channel: 'moz-firefox' }
}

/**
 * Starts a headless one in which every tab has a process of its own, and which outlives the crash of one.
 * @param {LaunchOptions} [options]
 * @returns {Promise<Browser>}
 */
export function launchFirefox({ firefoxUserPrefs, ...options } = {}) {
  return firefox.launch({
    ...firefoxOptions(),
    headless: true,
    executablePath: fileURLToPath(new URL('firefox-that-outlives-crashes.sh', import.meta.url)),
    env: { ...process.env, FIREFOX_PATH: findBrowser('firefox') },
    firefoxUserPrefs: { 'dom.ipc.processCount.webIsolated': 64, ...firefoxUserPrefs },
    ...options,
  })
}

const cannot = (/** @type {string} */ what) => Promise.reject(new Error(`Firefox cannot ${what} from outside.`))

export class FirefoxPowers {
  /** @type {WeakMap<Page, number[]>} */
  #processes = new WeakMap()
  /** @type {Promise<unknown>} */
  #lastOpened = Promise.resolve()

  /**
   * One after the other: what is new among the processes is the new tab's.
   * @param {() => Promise<Page>} open
   * @returns {Promise<Page>}
   */
  open(open) {
    const opened = this.#lastOpened.then(async () => {
      const before = new Set(isolatedProcesses())
      const page = await open()
      this.#processes.set(
        page,
        isolatedProcesses().filter((pid) => !before.has(pid)),
      )
      return page
    })
    this.#lastOpened = opened.catch(() => {})
    return opened
  }

  /** @param {Page} page */
  async crash(page) {
    const [pid, ...more] = this.#processes.get(page) ?? []
    if (pid === undefined || more.length > 0) throw new Error('It is not known which process the tab runs in.')
    await killProcess(pid)
    await until(() => !isolatedProcesses().includes(pid))
  }

  /** @param {() => Promise<number>} endMortal */
  killSharedWorkers(endMortal) {
    return endMortal()
  }

  /** @returns {Promise<void>} */
  crashStorage() {
    return cannot('lose its databases')
  }

  /** @returns {Promise<void>} */
  setFrozen() {
    return cannot('freeze a page')
  }

  /** @returns {Promise<void>} */
  wipeDatabases() {
    return cannot('delete databases')
  }

  /** @returns {Promise<void>} */
  limitStorage() {
    return cannot('change what an origin may store')
  }
}

/** Processes that hold pages of one site: the name is cut short by the system. */
function isolatedProcesses() {
  return descendantsOf(process.pid).flatMap(({ name, pid }) => (name.startsWith('Isolated Web') ? [pid] : []))
}
