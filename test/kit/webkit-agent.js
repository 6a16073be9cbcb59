/**
 * Pages that can be spoken to without WebDriver: WebKit ends the whole session when one of its processes dies, and the
 * other pages live on. They ask the test's own server what to do next.
 */

/** @import { IncomingMessage, ServerResponse } from 'node:http' */

/** @typedef {{ script: string, last: boolean, resolve: (text: string) => void }} Order */
/** @typedef {typeof globalThis & { startAgent(page: string): Promise<never> }} AgentPage */

const AGENT_PATH = '/agent'
const HASH = '#agent='

/**
 * Where a page goes to become one that can be spoken to, under a name.
 * @param {string} url
 * @param {string} page
 */
export function agentUrl(url, page) {
  return `${url}${HASH}${page}`
}

/** For every page, before anything of its own. */
export const agentScript = `(${agent.toString()})(${JSON.stringify([AGENT_PATH, HASH])})`

/**
 * In the page.
 * @param {[path: string, hash: string]} names
 */
function agent([path, hash]) {
  const own = /** @type {AgentPage & { agentAnswer?: unknown }} */ (globalThis)
  own.startAgent = async (page) => {
    let answer = ''
    for (;;) {
      try {
        const response = await fetch(`${path}?page=${page}`, { method: 'POST', body: answer })
        const script = await response.text()
        answer = ''
        if (script === '') await new Promise((resolve) => setTimeout(resolve, 20))
        else {
          document.head.append(
            Object.assign(document.createElement('script'), { textContent: `agentAnswer = ${script}` }),
          )
          answer = String(own.agentAnswer)
        }
      } catch {
        // The process that does the networking is gone; the next request starts another one.
      }
    }
  }
  if (!location.hash.startsWith(hash)) return
  void own.startAgent(location.hash.slice(hash.length))
  history.replaceState(null, '', location.pathname)
}

export class Agents {
  /** @type {Map<string, Order[]>} */
  #orders = new Map()
  /** @type {Map<string, Order>} */
  #underWay = new Map()

  /**
   * What a page's expression comes to, as text.
   * @param {string} page
   * @param {string} script
   * @param {{ last?: boolean }} [options] `last`: the page goes away by it, and never answers
   * @returns {Promise<string>}
   */
  run(page, script, { last = false } = {}) {
    return new Promise((resolve) => {
      const orders = this.#orders.get(page) ?? []
      this.#orders.set(page, [...orders, { script, last, resolve }])
    })
  }

  /**
   * Answers a page that asks; false for any other request.
   * @param {IncomingMessage} request
   * @param {ServerResponse} response
   */
  answer(request, response) {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    if (pathname !== AGENT_PATH) return false
    const page = searchParams.get('page') ?? ''
    let text = ''
    request.on('data', (/** @type {Buffer} */ part) => void (text += part.toString()))
    request.on('end', () => {
      if (text !== '') {
        this.#underWay.get(page)?.resolve(text)
        this.#underWay.delete(page)
      }
      // What it was given is given again until its outcome is here: an answer may be lost on the way.
      const order = this.#underWay.get(page) ?? this.#orders.get(page)?.shift()
      if (order?.last) order.resolve('')
      else if (order) this.#underWay.set(page, order)
      response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
      response.end(order?.script ?? '')
    })
    return true
  }
}
