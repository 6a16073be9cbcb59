/** @import { AgentPage, Agents } from './webkit-agent.js' */
/** @import { WebDriver } from './webdriver.js' */
/** @import { Page } from './tabs.js' */

const POLL_MS = 10

/**
 * A window, as far as tests of tabs need one. What runs in it is started by one command and asked for by others, so that
 * tabs work at the same time.
 * @implements {Page}
 */
export class WebKitPage {
  #driver
  #window
  #errors
  #agents
  #agent
  #url = 'about:blank'

  /**
   * @param {WebDriver} driver
   * @param {string} window
   * @param {string[]} errors
   * @param {Agents} agents
   * @param {string | null} agent how it is spoken to without the driver
   */
  constructor(driver, window, errors, agents, agent = null) {
    this.#driver = driver
    this.#window = window
    this.#errors = errors
    this.#agents = agents
    this.#agent = agent
  }

  /** From now on it is spoken to without the driver, whose session is about to end. */
  async outliveDriver() {
    if (this.#agent !== null) return this.#agent
    const agent = `${this.#window}`
    await this.evaluate((name) => void (/** @type {AgentPage} */ (globalThis).startAgent(name)), agent)
    this.#agent = agent
    return agent
  }

  /** Resolves once all of it is there: modules too. */
  async loaded() {
    await this.waitForFunction(() => document.readyState === 'complete')
  }

  /**
   * @param {string | ((argument: never) => unknown)} run
   * @param {unknown} [argument]
   * @returns {Promise<never>} what it returns, of whatever type
   */
  async evaluate(run, argument) {
    const source = typeof run === 'string' ? `() => (${run})` : run.toString()
    const parts = [begin, source, packed, unpacked].map((part) => `(${part.toString()})`)
    let state = await this.#execute(`${parts[0]}(${parts.slice(1).join()}, ...arguments)`, packed(argument))
    while (!state.done) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
      state = await this.#execute(`(${ask.toString()})(...arguments)`, state.id)
    }
    this.#errors.push(...state.errors)
    if (state.error !== null) throw new Error(`page.evaluate: ${state.error}`)
    return /** @type {never} */ (unpacked(state.value))
  }

  /**
   * @param {string | ((argument: never) => unknown)} run
   * @param {unknown} [argument]
   * @param {{ timeout?: number }} [options]
   * @returns {Promise<never>}
   */
  async waitForFunction(run, argument, { timeout = 30_000 } = {}) {
    const deadline = performance.now() + timeout
    for (;;) {
      const value = await this.evaluate(run, argument)
      if (value) return value
      if (performance.now() > deadline)
        throw new Error(`page.waitForFunction: not within ${timeout} ms: ${run.toString()}`)
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
  }

  /** @param {string} url */
  async goto(url) {
    await this.#driver.command(this.#window, 'POST', '/url', { url })
    this.#url = url
    // The command is answered before modules have run.
    await this.loaded()
    return null
  }

  /** @param {unknown} wanted a URL, or what tells of one whether it is it */
  async waitForURL(wanted) {
    for (;;) {
      this.#url = await this.#driver.command(this.#window, 'GET', '/url')
      if (typeof wanted === 'function' ? wanted(new URL(this.#url)) : wanted === this.#url) return
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
  }

  /**
   * @param {{ type?: string, content?: string }} [script]
   * @returns {Promise<never>}
   */
  addScriptTag({ type = '', content = '' } = {}) {
    const add = (/** @type {string[]} */ [type, content]) => {
      document.head.append(Object.assign(document.createElement('script'), { type, textContent: content }))
    }
    return this.evaluate(add, [type, content])
  }

  url() {
    return this.#url
  }

  async close() {
    await this.#driver.command(this.#window, 'DELETE', '/window')
  }

  /**
   * @param {string} script
   * @param {string | number} argument
   * @returns {Promise<State>}
   */
  async #execute(script, argument) {
    if (this.#agent !== null) {
      const run = `JSON.stringify((function () { return ${script} })(${JSON.stringify(argument)}))`
      return JSON.parse(await this.#agents.run(this.#agent, run))
    }
    return this.#driver.command(this.#window, 'POST', '/execute/sync', { script: `return ${script}`, args: [argument] })
  }
}

/** @typedef {{ done: boolean, id: number, value: string, error: string | null, errors: string[] }} State */
/** @typedef {typeof globalThis & { webDriverCalls?: State[], webDriverErrors?: string[] }} CallingPage */

/**
 * In the page: runs it, to its end when that comes at once.
 * @param {(argument: unknown) => unknown} run
 * @param {(value: unknown) => string} packed
 * @param {(text: string) => unknown} unpacked
 * @param {string} argument
 * @returns {State}
 */
function begin(run, packed, unpacked, argument) {
  const own = /** @type {CallingPage} */ (globalThis)
  const calls = (own.webDriverCalls ??= [])
  const state = { done: false, id: calls.length, value: '', error: /** @type {string | null} */ (null), errors: [] }
  calls.push(state)
  const failed = (/** @type {unknown} */ error) => {
    state.error = error instanceof Error ? `${error.name}: ${error.message}\n${error.stack}` : String(error)
    state.done = true
  }
  const ended = (/** @type {unknown} */ value) => {
    state.value = packed(value)
    state.done = true
  }
  try {
    const value = run(unpacked(argument))
    if (value instanceof Promise) value.then(ended).catch(failed)
    else ended(value)
  } catch (error) {
    failed(error)
  }
  return { ...state, errors: own.webDriverErrors?.splice(0) ?? [] }
}

/**
 * In the page: what became of it.
 * @param {number} id
 * @returns {State}
 */
function ask(id) {
  const own = /** @type {CallingPage} */ (globalThis)
  const errors = own.webDriverErrors?.splice(0) ?? []
  const state = own.webDriverCalls?.[id]
  return state ? { ...state, errors } : { done: true, id, value: '', error: 'the page is gone', errors }
}

/** In the page, before anything of its own: keeps what goes wrong for whoever asks next. */
export function gatherErrors() {
  /** @type {string[]} */
  const errors = []
  Object.assign(globalThis, { webDriverErrors: errors })
  addEventListener('error', ({ error, message }) => void errors.push(String(error?.stack ?? message)))
  addEventListener('unhandledrejection', ({ reason }) => void errors.push(String(reason?.stack ?? reason)))
  const { error } = console
  console.error = (...all) => {
    errors.push(`console: ${all.join(' ')}`)
    error.apply(console, all)
  }
}

/**
 * As JSON, which has no undefined, no NaN and no Infinity.
 * @param {unknown} value
 */
function packed(value) {
  return JSON.stringify({ value }, (_, one) =>
    one === undefined || (typeof one === 'number' && !Number.isFinite(one)) ? { $: String(one) } : one,
  )
}

/** @param {string} text */
function unpacked(text) {
  const inflated = (/** @type {unknown} */ value) => {
    if (typeof value !== 'object' || value === null) return value
    if ('$' in value) return value.$ === 'undefined' ? undefined : Number(value.$)
    for (const [key, one] of Object.entries(value)) Reflect.set(value, key, inflated(one))
    return value
  }
  return Object(inflated(JSON.parse(text))).value
}
