import { expect, test } from 'vitest'
import { freshTabs } from '../kit/fresh-tabs.js'
import { endings, RECORDED, situations, survivorsOf } from '../kit/survivors.js'
import type { Tabs } from '../kit/tabs.js'

// The promise no other store gives: what record() took is in the log, whatever becomes of the tab.

let tabs: Tabs
freshTabs({}, (fresh) => {
  tabs = fresh
})

const all = Array.from({ length: RECORDED }, (_, n) => n)

const cases = Object.keys(situations).flatMap((situation) => Object.keys(endings).map((end) => [end, situation]))

test.each(cases as [string, string][])(
  '50 un-awaited records of a tab that is %s (%s) are all in the log, in order, once',
  async (end, situation) => {
    expect(await survivorsOf(tabs, end, situation)).toEqual(all)
  },
)
