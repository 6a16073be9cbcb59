/** Firefox for Vitest's browser mode. Over BiDi Playwright takes whatever is in a frame for invisible: it is told where to click. */
import { fileURLToPath } from 'node:url'
import { playwright } from '@vitest/browser-playwright'
import type { Page } from 'playwright-core'
import type { BrowserProviderOption } from 'vitest/node'
import { findBrowser } from './find-browser.js'

const launchOptions = {
  get executablePath() {
    return findBrowser('firefox')
  },
  channel: 'moz-firefox',
}

export function firefoxPages(): BrowserProviderOption {
  const option = playwright({ launchOptions })
  return {
    ...option,
    providerFactory(project) {
      const provider = option.providerFactory(project)
      project.browser?.registerCommand('pointAt' as never, pointAt as never)
      const initScripts = [fileURLToPath(new URL('placed-locators.ts', import.meta.url))]
      return Object.assign(provider, { initScripts })
    },
  }
}

async function pointAt({ page }: { page: Page }, { x, y }: { x: number; y: number }, clicks: number): Promise<void> {
  if (clicks === 0) await page.mouse.move(x, y)
  else await page.mouse.click(x, y, { clickCount: clicks })
}
