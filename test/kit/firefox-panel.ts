import { Firefox } from './marionette.js'
import { findFirefox } from './find-firefox.js'
import { repositoryRoot } from './browser.js'

// Runs in the browser's own window; the toolbox is kept there between calls.
const CHROME_SIDE = `
  const panelBrowser = (within) => {
    for (const one of within.querySelectorAll('browser, iframe')) {
      if (one.getAttribute('webextension-view-type') === 'devtools_panel') return one
      const found = one.contentDocument && panelBrowser(one.contentDocument)
      if (found) return found
    }
    return null
  }
  const until = async (look) => {
    for (let tries = 0; tries < 400; tries++) {
      const found = await look()
      if (found) return found
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error('Waited in vain for ' + look)
  }
`

const OPEN_PANEL = `${CHROME_SIDE}
  const { require } = ChromeUtils.importESModule('resource://devtools/shared/loader/Loader.sys.mjs')
  const { gDevTools } = require('devtools/client/framework/devtools')
  const toolbox = await gDevTools.showToolboxForTab(gBrowser.selectedTab, { toolId: 'webconsole' })
  window.tabscribeToolbox = toolbox
  const tool = await until(() => toolbox.getAdditionalTools().find(({ label }) => label === 'tabscribe'))
  await toolbox.selectTool(tool.id)
  await until(() => panelBrowser(toolbox.doc))
`

// The panel's page lives in a process of its own: a script is sent there, which answers with a message.
const IN_PANEL = `${CHROME_SIDE}
  const { messageManager } = panelBrowser(window.tabscribeToolbox.doc)
  const [source, id] = args
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('The panel does not answer.')), 20_000)
    messageManager.addMessageListener(id, ({ data }) => resolve(data))
    messageManager.loadFrameScript('data:application/javascript,' + encodeURIComponent(source), false)
  })
`

let lastCall = 0

/** The extension's panel in the toolbox of a Firefox of its own. */
export class FirefoxPanel {
  readonly firefox: Firefox

  constructor(firefox: Firefox) {
    this.firefox = firefox
  }

  static async start(): Promise<FirefoxPanel> {
    const firefox = await Firefox.start(findFirefox())
    await firefox.install(`${repositoryRoot}artifacts/extension/firefox`)
    return new FirefoxPanel(firefox)
  }

  /** Opens the page, and for it a new toolbox with the panel. */
  async open(url: string): Promise<void> {
    await this.firefox.run('chrome', 'await window.tabscribeToolbox?.destroy()')
    await this.firefox.open(url)
    await this.firefox.run('chrome', OPEN_PANEL)
  }

  /** Runs the body of an async function in the panel's page. */
  async run<T>(body: string): Promise<T> {
    const id = `tabscribe:${++lastCall}`
    const inside = `(async () => { ${body} })().then((value) => answer(JSON.stringify({ value })), (error) => answer(JSON.stringify({ error: String(error) })))`
    const source = `{
      const { utils } = Components
      const sandbox = new utils.Sandbox(content, { sandboxPrototype: content, wantXrays: false, sameZoneAs: content })
      utils.exportFunction((text) => sendAsyncMessage(${JSON.stringify(id)}, text), sandbox, { defineAs: 'answer' })
      utils.evalInSandbox(${JSON.stringify(inside)}, sandbox)
    }`
    const answer: unknown = await this.firefox.run('chrome', IN_PANEL, [source, id])
    const { value, error } = JSON.parse(String(answer)) as { value: T; error?: string }
    if (error !== undefined) throw new Error(error)
    return value
  }

  phase(): Promise<string | null> {
    return this.run(`return document.querySelector('.inspected')?.dataset.phase ?? null`)
  }

  rows(): Promise<number> {
    return this.run(
      `return Number(document.querySelector('[role=grid][aria-label=Events]')?.getAttribute('aria-rowcount') ?? -1)`,
    )
  }

  text(): Promise<string> {
    return this.run('return document.body.innerText')
  }

  async filter(text: string): Promise<void> {
    await this.run(`const box = document.querySelector('[role=searchbox]')
      box.value = ${JSON.stringify(text)}
      box.dispatchEvent(new Event('input', { bubbles: true }))`)
  }

  async press(role: string, name: string): Promise<void> {
    await this.run(`const found = [...document.querySelectorAll('[role=${role}], ${role}')]
        .find((one) => (one.getAttribute('aria-label') ?? one.textContent) === ${JSON.stringify(name)})
      if (found === undefined) throw new Error('no such ${role}')
      found.click()`)
  }

  /** Of the whole window. */
  async picture(): Promise<Buffer> {
    await this.firefox.command('Marionette:SetContext', { value: 'chrome' })
    const { value } = (await this.firefox.command('WebDriver:TakeScreenshot', { full: false })) as { value: string }
    return Buffer.from(value, 'base64')
  }
}
