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
  #url = 'about:blank'

  /**
   * @param {WebDriver} driver
   * @param {string} window
   * @param {string[]} errors
   */
  constructor(driver, window, errors) {
    this.#driver = driver
    this.#window = window
    this.#errors = errors
  }

  /**
   * @param {unknown} run a function, or an expression
   * @param {unknown} [argument]
   * @returns {Promise<never>} what it returns, of whatever type
   */
  async evaluate(run, argument) {
    const source = typeof run === 'string' ? `() => (${run})` : String(run)
    let state = await this.#execute(begin, source, pack(argument))
    while (!state.done) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
      state = await this.#execute(ask, state.id)
    }
    this.#errors.push(...state.errors)
    if (state.error !== null) throw new Error(`page.evaluate: ${state.error}`)
    return /** @type {never} */ (unpack(state.value))
  }

  /**
   * @param {unknown} run
   * @param {unknown} [argument]
   * @param {{ timeout?: number }} [options]
   * @returns {Promise<never>}
   */
  async waitForFunction(run, argument, { timeout = 30_000 } = {}) {
    const deadline = performance.now() + timeout
    for (;;) {
      const value = await this.evaluate(run, argument)
      if (value) return value
      if (performance.now() > deadline) throw new Error(`page.waitForFunction: not within ${timeout} ms: ${run}`)
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
  }

  /** @param {string} url */
  async goto(url) {
    await this.#driver.command(this.#window, 'POST', '/url', { url })
    this.#url = url
    // The command is answered before modules have run.
    await this.waitForFunction(() => document.readyState === 'complete')
    return null
  }

  /** @param {unknown} url */
  async waitForURL(url) {
    for (;;) {
      this.#url = await this.#driver.command(this.#window, 'GET', '/url')
      if (this.#url === url) return
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
   * @template {unknown[]} A
   * @param {(...args: A) => State} run
   * @param {A} args
   * @returns {Promise<State>}
   */
  #execute(run, ...args) {
    const script = `return (${run.toString()})(...arguments)`
    return this.#driver.command(this.#window, 'POST', '/execute/sync', { script, args })
  }
}

/** @typedef {{ done: boolean, id: number, value: string, error: string | null, errors: string[] }} State */
/** @typedef {typeof globalThis & { webDriverCalls?: State[], webDriverErrors?: string[] }} CallingPage */

/**
 * In the page: runs it, to its end when that comes at once.
 * @param {string} source
 * @param {string} argument
 * @returns {State}
 */
function begin(source, argument) {
  const own = /** @type {CallingPage} */ (globalThis)
  const calls = (own.webDriverCalls ??= [])
  // To and fro as JSON, which has no undefined and no Infinity.
  const packed = (/** @type {unknown} */ value) =>
    JSON.stringify(value, (_, one) =>
      one === undefined || (typeof one === 'number' && !Number.isFinite(one)) ? { $: String(one) } : one,
    ) ?? '{"$":"undefined"}'
  const unpacked = (/** @type {unknown} */ value) => {
    if (typeof value !== 'object' || value === null) return value
    if ('$' in value) return value.$ === 'undefined' ? undefined : Number(value.$)
    for (const [key, one] of Object.entries(value)) Reflect.set(value, key, unpacked(one))
    return value
  }
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
    // oxlint-disable-next-line no-new-func -- the test's own function
    const value = new Function(`return (${source})`)()(unpacked(JSON.parse(argument)))
    if (typeof value?.then === 'function') value.then(ended).catch(failed)
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

/** @param {unknown} value */
function pack(value) {
  const packed = (/** @type {string} */ _key, /** @type {unknown} */ one) =>
    one === undefined || (typeof one === 'number' && !Number.isFinite(one)) ? { $: String(one) } : one
  return JSON.stringify(value === undefined ? { $: 'undefined' } : value, packed)
}

/**
 * @param {string} text
 * @returns {unknown}
 */
function unpack(text) {
  const unpacked = (/** @type {unknown} */ value) => {
    if (typeof value !== 'object' || value === null) return value
    if ('$' in value) return value.$ === 'undefined' ? undefined : Number(value.$)
    for (const [key, one] of Object.entries(value)) Reflect.set(value, key, unpacked(one))
    return value
  }
  return text === '' ? undefined : unpacked(JSON.parse(text))
}
