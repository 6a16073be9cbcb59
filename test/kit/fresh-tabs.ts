import { afterAll, afterEach, beforeAll, beforeEach, inject } from 'vitest'
import { startEngine } from './engines.js'
import type { Kit, Tabs } from './tabs.js'

/** One browser for the whole test file, and tabs with nothing stored yet for each of its tests. */
export function freshTabs(
  options: Parameters<typeof startEngine>[1],
  onFresh: (tabs: Tabs, kit: Kit) => void | Promise<void>,
): void {
  let kit: Kit
  let tabs: Tabs | null = null
  beforeAll(async () => {
    kit = await startEngine(inject('engine'), options)
  })
  beforeEach(async () => {
    tabs = await kit.freshTabs()
    await onFresh(tabs, kit)
  })
  afterEach(async () => {
    await tabs?.close()
    tabs = null
  })
  afterAll(() => kit?.close())
}
