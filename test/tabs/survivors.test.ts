import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { startKit, type BrowserKit, type Tabs } from '../kit/browser.js'
import { endings, RECORDED, situations, survivorsOf } from '../kit/survivors.js'

// The promise no other store gives: what record() took is in the log, whatever becomes of the tab.

let kit: BrowserKit
let tabs: Tabs
beforeAll(async () => {
  kit = await startKit()
})
afterAll(() => kit.close())
beforeEach(async () => {
  tabs = await kit.freshTabs()
})
afterEach(() => tabs.close())

const all = Array.from({ length: RECORDED }, (_, n) => n)

const cases = Object.keys(situations).flatMap((situation) => Object.keys(endings).map((end) => [end, situation]))

test.each(cases as [string, string][])(
  '50 un-awaited records of a tab that is %s (%s) are all in the log, in order, once',
  async (end, situation) => {
    expect(await survivorsOf(tabs, end, situation)).toEqual(all)
  },
)
