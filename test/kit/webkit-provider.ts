/** WebKitGTK for Vitest's browser mode, by WebDriver. */
import { defineBrowserProvider } from '@vitest/browser'
import type { BrowserProvider, BrowserProviderOption } from 'vitest/node'
import { Screen, WebDriver } from './webdriver.js'

export function webKit(): BrowserProviderOption {
  return defineBrowserProvider({
    name: 'webkitgtk',
    options: {},
    supportedBrowser: ['webkit'],
    providerFactory: () => new WebKitProvider(),
  })
}

class WebKitProvider implements BrowserProvider {
  readonly name = 'webkitgtk'
  readonly supportsParallelism = false
  #screen: Screen | null = null
  #driver: WebDriver | null = null

  async openPage(_session: string, url: string): Promise<void> {
    this.#screen ??= await Screen.start()
    this.#driver ??= await WebDriver.start(this.#screen)
    await this.#driver.command(this.#driver.firstWindow, 'POST', '/url', { url })
  }

  getCommandsContext(): Record<string, unknown> {
    return {}
  }

  async close(): Promise<void> {
    await this.#driver?.close()
    await this.#screen?.close()
  }
}
