import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { startKit, type BrowserKit, type Tabs } from './browser.js'

/** One browser for the whole test file, and tabs with nothing stored yet for each of its tests. */
export function freshTabs(
  options: Parameters<typeof startKit>[0],
  onFresh: (tabs: Tabs, kit: BrowserKit) => void | Promise<void>,
): void {
  let kit: BrowserKit
  let tabs: Tabs
  beforeAll(async () => {
    kit = await startKit(options)
  })
  beforeEach(async () => {
    tabs = await kit.freshTabs()
    await onFresh(tabs, kit)
  })
  afterEach(() => tabs.close())
  afterAll(() => kit?.close())
}
