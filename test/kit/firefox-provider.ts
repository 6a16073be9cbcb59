/** Firefox for Vitest's browser mode. Over BiDi Playwright takes whatever is in a frame for invisible: it is told where to click. */
import { fileURLToPath } from 'node:url'
import { playwright } from '@vitest/browser-playwright'
import type { Frame, Page } from 'playwright-core'
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
      const contextOf = provider.getCommandsContext.bind(provider)
      const getCommandsContext: typeof contextOf = (sessionId) => {
        const context = contextOf(sessionId) as { page: Page; frame(): Promise<Frame> }
        return { ...context, frame: () => testerIn(context.page) ?? context.frame() }
      }
      return Object.assign(provider, { initScripts, getCommandsContext })
    },
  }
}

// Vitest looks for its frame by the name, which Playwright now and then does not learn over BiDi.
function testerIn(page: Page): Frame | undefined {
  return page.mainFrame().childFrames().at(-1)
}

async function pointAt({ page }: { page: Page }, { x, y }: { x: number; y: number }, clicks: number): Promise<void> {
  if (clicks === 0) await page.mouse.move(x, y)
  else await page.mouse.click(x, y, { clickCount: clicks })
}
