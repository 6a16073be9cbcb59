/**
 * Drives an installed Firefox from within, where pages and toolbox alike are at hand: over Marionette, the protocol it
 * speaks by itself. No driver has to be installed.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.js'

/** @import { ChildProcess } from 'node:child_process' */
/** @import { Socket } from 'node:net' */

const startTimeoutMs = 60_000
/** What is clicked may yet have to appear. */
const elementTimeoutMs = 45_000

export class Firefox {
  #socket
  #process
  #profile
  #lastId = 0
  /** @type {Map<number, { resolve(value: any): void, reject(error: Error): void }>} */
  #pending = new Map()
  #received = Buffer.alloc(0)

  /**
   * @param {Socket} socket
   * @param {ChildProcess} process
   * @param {string} profile
   */
  constructor(socket, process, profile) {
    this.#socket = socket
    this.#process = process
    this.#profile = profile
    socket.on('data', (bytes) => this.#receive(bytes))
    socket.on('close', () => {
      for (const { reject } of this.#pending.values()) reject(new Error('Firefox has closed the connection.'))
    })
  }

  /**
   * A headless Firefox of its own, with one tab.
   * @param {string} executable
   * @param {Record<string, string | number | boolean>} [prefs]
   */
  static async start(executable, prefs = {}) {
    const profile = mkdtempSync(join(tmpdir(), 'firefox-'))
    const port = await freePort()
    const all = { 'marionette.port': port, 'browser.shell.checkDefaultBrowser': false, ...prefs }
    const lines = Object.entries(all).map(
      ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
    )
    writeFileSync(join(profile, 'user.js'), lines.join('\n'))
    const args = ['--headless', '--marionette', '--remote-allow-system-access', '--no-remote', '--profile', profile]
    const process = spawn(executable, args, { stdio: 'ignore' })
    const socket = await connected(port, process)
    const firefox = new Firefox(socket, process, profile)
    await firefox.command('WebDriver:NewSession', { capabilities: { alwaysMatch: { acceptInsecureCerts: true } } })
    await firefox.command('WebDriver:SetTimeouts', { script: 120_000, implicit: elementTimeoutMs })
    return firefox
  }

  /**
   * @param {string} name
   * @param {object} [params]
   * @returns {Promise<any>}
   */
  command(name, params = {}) {
    const id = ++this.#lastId
    const text = JSON.stringify([0, id, name, params])
    this.#socket.write(`${Buffer.byteLength(text)}:${text}`)
    return new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }))
  }

  /** @param {string} url */
  async open(url) {
    await this.command('Marionette:SetContext', { value: 'content' })
    await this.command('WebDriver:Navigate', { url })
  }

  async reload() {
    await this.command('Marionette:SetContext', { value: 'content' })
    await this.command('WebDriver:Refresh')
  }

  async back() {
    await this.command('Marionette:SetContext', { value: 'content' })
    await this.command('WebDriver:Back')
  }

  /** Of the window, the toolbox in it too. */
  async picture() {
    await this.command('Marionette:SetContext', { value: 'chrome' })
    const { value } = await this.command('WebDriver:TakeScreenshot', { full: false })
    return Buffer.from(value, 'base64')
  }

  /**
   * Clicks in the page, as a person would.
   * @param {string} xpath
   */
  async click(xpath) {
    await this.command('Marionette:SetContext', { value: 'content' })
    const { value } = await this.command('WebDriver:FindElement', { using: 'xpath', value: xpath })
    await this.command('WebDriver:ElementClick', { id: Object.values(value)[0] })
  }

  /**
   * @param {string} folder
   * @returns {Promise<string>} its id
   */
  async install(folder) {
    const { value } = await this.command('Addon:Install', { path: folder, temporary: true })
    return value
  }

  /**
   * Runs the body of an async function with `args`, in the page or in the browser itself.
   * @param {'content' | 'chrome'} where
   * @param {string} body
   * @param {unknown[]} [args]
   */
  async run(where, body, args = []) {
    await this.command('Marionette:SetContext', { value: where })
    const script = `const [args, done] = [[...arguments].slice(0, -1), arguments[arguments.length - 1]];
      (async () => { ${body} })().then((value) => done({ value }), (error) => done({ error: String(error) + error?.stack }))`
    const { value } = await this.command('WebDriver:ExecuteAsyncScript', { script, args, newSandbox: false })
    if (value.error !== undefined) throw new Error(value.error)
    return value.value
  }

  async close() {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve))
    this.command('Marionette:Quit', { flags: ['eForceQuit'] }).catch(() => {})
    const kill = setTimeout(() => this.#process.kill('SIGKILL'), 10_000)
    await ended
    clearTimeout(kill)
    this.#socket.destroy()
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 })
  }

  /** @param {Buffer} bytes */
  #receive(bytes) {
    this.#received = Buffer.concat([this.#received, bytes])
    for (;;) {
      const colon = this.#received.indexOf(':')
      if (colon < 0) return
      const end = colon + 1 + Number(this.#received.subarray(0, colon).toString())
      if (this.#received.length < end) return
      const message = JSON.parse(this.#received.subarray(colon + 1, end).toString())
      this.#received = this.#received.subarray(end)
      // The first one is a greeting.
      if (!Array.isArray(message)) continue
      const [, id, error, result] = message
      const pending = this.#pending.get(id)
      this.#pending.delete(id)
      if (error === null) pending?.resolve(result)
      else pending?.reject(new Error(`${error.error}: ${error.message}`))
    }
  }
}

/**
 * @param {number} port
 * @param {ChildProcess} process
 * @returns {Promise<Socket>}
 */
async function connected(port, process) {
  const until = Date.now() + startTimeoutMs
  for (;;) {
    const socket = await new Promise((resolve) => {
      const one = connect(port, '127.0.0.1', () => resolve(one))
      one.once('error', () => resolve(null))
    })
    if (socket !== null) return socket
    if (process.exitCode !== null) throw new Error(`Firefox ended with ${process.exitCode} before it listened.`)
    if (Date.now() > until) throw new Error('Firefox does not listen.')
    // It tells nobody when it does.
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
