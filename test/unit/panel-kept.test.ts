import { expect, test } from 'vitest'
import { isRange, isString, KeptState, orNull } from '../../panel/model/kept-state.js'
import { isMarks } from '../../panel/model/marks.js'
import { commandOf, PANEL_KEYS } from '../../panel/model/panel-keys.js'
import { pathText } from '../../panel/model/path-text.js'

function fakeStorage(): Pick<Storage, 'getItem' | 'setItem'> & { items: Map<string, string> } {
  const items = new Map<string, string>()
  return { items, getItem: (key) => items.get(key) ?? null, setItem: (key, value) => void items.set(key, value) }
}

test('what was kept is there for the same store after a reload, and for no other', () => {
  const storage = fakeStorage()
  const before = new KeptState('shop', storage)
  before.set('filter', 'topic:cart')
  before.close()
  expect(new KeptState('shop', storage).get('filter', isString, '')).toBe('topic:cart')
  expect(new KeptState('other', storage).get('filter', isString, '')).toBe('')
})

test('what another release kept in another shape is passed over', () => {
  const storage = fakeStorage()
  storage.setItem('tabscribe.panel:shop', '{"filter":7,"range":{"since":1},"marks":{"a":{"sequence":1}}}')
  const kept = new KeptState('shop', storage)
  expect(kept.get('filter', isString, 'x')).toBe('x')
  expect(kept.get('range', orNull(isRange), null)).toBeNull()
  expect(kept.get('marks', isMarks, { a: null, b: null })).toEqual({ a: null, b: null })
  storage.setItem('tabscribe.panel:shop', 'not JSON')
  expect(new KeptState('shop', storage).get('filter', isString, 'x')).toBe('x')
})

test('a page that may keep nothing is looked at all the same', () => {
  const full = { getItem: () => null, setItem: () => fail() }
  for (const storage of [null, full]) {
    const kept = new KeptState('shop', storage)
    kept.set('filter', 'a')
    kept.close()
    expect(kept.get('filter', isString, '')).toBe('a')
  }
})

function fail(): never {
  throw new DOMException('full', 'QuotaExceededError')
}

test('no key of DevTools is taken: not Escape, nothing with Ctrl, Meta or Alt', () => {
  const plain = { ctrlKey: false, metaKey: false, altKey: false, defaultPrevented: false }
  for (const { key, command } of PANEL_KEYS) {
    expect(commandOf({ ...plain, key })).toBe(command)
    for (const held of ['ctrlKey', 'metaKey', 'altKey', 'defaultPrevented']) {
      expect(commandOf({ ...plain, key, [held]: true })).toBeNull()
    }
  }
  expect(commandOf({ ...plain, key: 'Escape' })).toBeNull()
  expect(new Set(PANEL_KEYS.map(({ key }) => key)).size).toBe(PANEL_KEYS.length)
})

test('a path is written as one would in code', () => {
  expect(pathText(['lines', 0, 'a key'])).toBe('state.lines[0]["a key"]')
  expect(pathText([])).toBe('state')
})
