import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repositoryRoot } from './browser.js'
import { Downloads, pictures } from './devtools.js'
import { findBrowser } from './find-browser.js'
import { Firefox } from './marionette.js'

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
  // Before that it may yet move to another process, and what is sent to it is lost.
  await until(() => {
    const browser = panelBrowser(toolbox.doc)
    return browser?.currentURI?.spec.endsWith('/panel.html') && !browser.webProgress?.isLoadingDocument
  })
`

// The panel's page lives in a process of its own: a script is sent there, which answers with a message.
const IN_PANEL = `${CHROME_SIDE}
  const { messageManager } = panelBrowser(window.tabscribeToolbox.doc)
  const [source, id] = args
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('The panel does not answer.')), 20_000)
    messageManager.addMessageListener(id, ({ data }) => resolve(data))
    messageManager.loadFrameScript('data:application/javascript;charset=utf-8,' + encodeURIComponent(source), false)
  })
`

let lastCall = 0

/** The extension's panel in the toolbox of a Firefox of its own. */
export class FirefoxPanel {
  readonly firefox: Firefox
  readonly downloads: Downloads

  constructor(firefox: Firefox, downloads: Downloads) {
    this.firefox = firefox
    this.downloads = downloads
  }

  static async start(): Promise<FirefoxPanel> {
    const folder = await mkdtemp(join(tmpdir(), 'downloads-'))
    const firefox = await Firefox.start(findBrowser('firefox'), {
      'browser.download.folderList': 2,
      'browser.download.dir': folder,
    })
    await firefox.install(`${repositoryRoot}artifacts/extension/firefox`)
    return new FirefoxPanel(firefox, new Downloads(folder))
  }

  async close(): Promise<void> {
    await this.firefox.close()
    await this.downloads.remove()
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

  text(selector = 'body'): Promise<string> {
    return this.run(`return document.querySelector(${JSON.stringify(selector)})?.innerText ?? ''`)
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

  /** Presses a key while the log has the focus. */
  async key(key: string): Promise<void> {
    await this.run(`const grid = document.querySelector('[role=grid][aria-label=Events]')
      grid.focus()
      grid.dispatchEvent(new KeyboardEvent('keydown', { key: '${key}', bubbles: true, cancelable: true }))`)
  }

  /** Of the whole window. */
  async picture(name: string): Promise<void> {
    await mkdir(pictures, { recursive: true })
    await writeFile(`${pictures}/${name}.png`, await this.firefox.picture())
  }
}
