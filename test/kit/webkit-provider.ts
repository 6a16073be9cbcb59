/** WebKitGTK for Vitest's browser mode, by WebDriver. */
import { fileURLToPath } from 'node:url'
import { defineBrowserProvider } from '@vitest/browser'
import type { BrowserProvider, BrowserProviderOption, TestProject } from 'vitest/node'
import { Screen, WebDriver } from './webdriver.js'
import { userEventsOf } from './webkit-commands.js'

export function webKit(): BrowserProviderOption {
  return defineBrowserProvider({
    name: 'webkitgtk',
    options: {},
    supportedBrowser: ['webkit'],
    providerFactory: (project) => new WebKitProvider(project),
  })
}

class WebKitProvider implements BrowserProvider {
  readonly name = 'webkitgtk'
  readonly supportsParallelism = false
  readonly initScripts = [fileURLToPath(new URL('placed-locators.ts', import.meta.url))]
  #screen: Screen | null = null
  #driver: WebDriver | null = null

  constructor(project: TestProject) {
    const driver = (): WebDriver => {
      if (!this.#driver) throw new Error('No page is open.')
      return this.#driver
    }
    for (const [name, command] of Object.entries(userEventsOf(driver))) {
      project.browser?.registerCommand(name as never, command as never)
    }
  }

  async openPage(_session: string, url: string): Promise<void> {
    this.#screen ??= await Screen.start()
    this.#driver ??= await WebDriver.start(this.#screen)
    const { firstWindow } = this.#driver
    await this.#driver.command(firstWindow, 'POST', '/window/rect', { x: 0, y: 0, width: 1600, height: 1200 })
    await this.#driver.command(firstWindow, 'POST', '/url', { url })
  }

  getCommandsContext(): Record<string, unknown> {
    return {}
  }

  async close(): Promise<void> {
    await this.#driver?.close()
    await this.#screen?.close()
  }
}
