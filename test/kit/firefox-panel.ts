import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repositoryRoot } from './browser.js'
import { Downloads, pictures } from './devtools.js'
import { findBrowser } from './find-browser.js'
import { Firefox } from './marionette.js'

const PATIENCE_MS = 45_000

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
    for (const giveUpAt = Date.now() + ${PATIENCE_MS}; Date.now() < giveUpAt; ) {
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
    const timer = setTimeout(() => reject(new Error('The panel does not answer.')), ${PATIENCE_MS})
    const onAnswer = ({ data }) => {
      clearTimeout(timer)
      messageManager.removeMessageListener(id, onAnswer)
      resolve(data)
    }
    messageManager.addMessageListener(id, onAnswer)
    messageManager.loadFrameScript('data:application/javascript;charset=utf-8,' + encodeURIComponent(source), false)
  })
`

// Whoever asks for a file is given the one at window.tabscribeChosenFile: the system's own picker has nobody to press it.
const MOCK_PICKER = `
  const { classes, interfaces: Ci, manager } = Components
  const picker = {
    QueryInterface: ChromeUtils.generateQI(['nsIFilePicker']),
    init() {},
    appendFilters() {},
    appendFilter() {},
    appendRawFilter() {},
    get file() {
      const file = classes['@mozilla.org/file/local;1'].createInstance(Ci.nsIFile)
      file.initWithPath(window.tabscribeChosenFile)
      return file
    },
    open: (callback) => callback.done(Ci.nsIFilePicker.returnOK),
  }
  const factory = {
    QueryInterface: ChromeUtils.generateQI(['nsIFactory']),
    createInstance: (iid) => picker.QueryInterface(iid),
  }
  manager
    .QueryInterface(Ci.nsIComponentRegistrar)
    .registerFactory(Services.uuid.generateUUID(), 'picker', '@mozilla.org/filepicker;1', factory)
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
    await firefox.run('chrome', MOCK_PICKER)
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
      // A file is only asked for right after somebody has pressed something.
      content.document.notifyUserGestureActivation()
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
    await this.fill('[role=searchbox]', text)
  }

  /** Presses what has this role and name, once it is there. */
  async press(role: string, name: string): Promise<void> {
    await this.run(`const look = () => [...document.querySelectorAll('[role=${role}], ${role}')]
        .find((one) => (one.getAttribute('aria-label') ?? one.textContent) === ${JSON.stringify(name)} && !one.disabled)
      const found = look() ?? (await new Promise((resolve) => {
        const observer = new MutationObserver(() => {
          const now = look()
          if (now === undefined) return
          observer.disconnect()
          resolve(now)
        })
        observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
      }))
      found.focus()
      found.click()`)
  }

  /** Types into what this selector finds. */
  async fill(selector: string, text: string): Promise<void> {
    await this.run(`const box = document.querySelector(${JSON.stringify(selector)})
      box.value = ${JSON.stringify(text)}
      box.dispatchEvent(new Event('input', { bubbles: true }))`)
  }

  /** From here on the file that is chosen, wherever one is asked for. */
  async chooseFile(path: string): Promise<void> {
    await this.firefox.run('chrome', 'window.tabscribeChosenFile = args[0]', [path])
  }

  /** Drops a file of this text on the panel. */
  async drop(name: string, text: string): Promise<void> {
    await this.run(`const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([${JSON.stringify(text)}], ${JSON.stringify(name)}, { type: 'application/json' }))
      for (const type of ['dragover', 'drop'])
        document.querySelector('.root').dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))`)
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
