/** A WebDriver session of WebKitGTK, by plain HTTP: https://www.w3.org/TR/webdriver2/ */
import { spawn } from 'node:child_process'
import { findBrowser } from './find-browser.js'
import { freePort } from './free-port.js'
import { until } from './processes.js'

/** @import { ChildProcess } from 'node:child_process' */

/** A screen that nobody sees: MiniBrowser has no headless mode. */
export class Screen {
  /** @type {ChildProcess} */
  #process
  display

  /**
   * @param {ChildProcess} process
   * @param {string} display
   */
  constructor(process, display) {
    this.#process = process
    this.display = display
  }

  static async start() {
    const size = ['-screen', '0', '1600x1200x24']
    const child = spawn(findBrowser('screen'), ['-displayfd', '3', ...size, '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    })
    const display = await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}.`)))
      child.stdio[3]?.once('data', (/** @type {Buffer} */ text) => resolve(`:${text.toString().trim()}`))
    })
    return new Screen(child, display)
  }

  close() {
    return ended(this.#process)
  }
}

/** One browser with a profile of its own. Calls go one after the other: WebDriver has one current window. */
export class WebDriver {
  #process
  #base
  #session = ''
  #version = ''
  /** The one that was there at the start: as long as it stays, the browser does. */
  firstWindow = ''
  #current = ''
  /** @type {Promise<unknown>} */
  #last = Promise.resolve()

  /**
   * @param {ChildProcess} process
   * @param {string} base
   */
  constructor(process, base) {
    this.#process = process
    this.#base = base
  }

  /** @param {Screen} screen */
  static async start(screen) {
    const port = await freePort()
    const child = spawn(findBrowser('webkit'), [`--port=${port}`], {
      env: { ...process.env, DISPLAY: screen.display },
      stdio: 'ignore',
    })
    const driver = new WebDriver(child, `http://127.0.0.1:${port}`)
    try {
      await driver.#begin()
    } catch (trouble) {
      await ended(child)
      throw trouble
    }
    return driver
  }

  get pid() {
    return this.#process.pid ?? 0
  }

  get version() {
    return this.#version
  }

  async #begin() {
    let listens = false
    const ask = () =>
      void fetch(`${this.#base}/status`).then(
        () => {
          listens = true
        },
        () => {},
      )
    await until(() => {
      if (!listens) ask()
      return listens
    })
    const { sessionId, capabilities } = await this.#send('POST', '/session', { capabilities: { alwaysMatch: {} } })
    this.#session = `/session/${sessionId}`
    this.#version = capabilities.browserVersion
    this.firstWindow = this.#current = await this.#send('GET', `${this.#session}/window`)
  }

  /** A window more. Not a tab: a tab behind another one is hidden, and slowed down. */
  async openWindow() {
    const { handle } = await this.command(this.firstWindow, 'POST', '/window/new', { type: 'window' })
    return /** @type {string} */ (handle)
  }

  /**
   * A command of the session, in a window.
   * @param {string} window
   * @param {'GET' | 'POST' | 'DELETE'} method
   * @param {string} path
   * @param {object} [body]
   */
  command(window, method, path, body) {
    const done = this.#last.then(async () => {
      if (window !== this.#current) await this.#send('POST', `${this.#session}/window`, { handle: window })
      this.#current = window
      return this.#send(method, `${this.#session}${path}`, body)
    })
    this.#last = done.catch(() => {})
    return done
  }

  async close() {
    // A browser that hangs would never answer; its processes end with the driver's.
    this.#send('DELETE', this.#session).catch(() => {})
    await ended(this.#process)
  }

  /**
   * @param {'GET' | 'POST' | 'DELETE'} method
   * @param {string} path
   * @param {object} [body]
   */
  async #send(method, path, body) {
    const response = await fetch(this.#base + path, {
      method,
      ...(method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {}),
    })
    const { value } = /** @type {{ value: * }} */ (await response.json())
    if (!response.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`)
    return value
  }
}

/**
 * @param {ChildProcess} child
 * @returns {Promise<void>}
 */
function ended(child) {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill()
  })
}
