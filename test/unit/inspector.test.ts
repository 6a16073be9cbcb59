import { afterEach, expect, test } from 'vitest'
import { Inspector } from '../../extension/inspector.js'
import type { Phase } from '../../extension/phase.js'
import { FakeTab, storeNamed, type FakeFrame } from '../kit/fake-tab.js'

const inspectors: Inspector[] = []
afterEach(() => {
  for (const inspector of inspectors.splice(0)) inspector.close()
})

function inspect(tab: FakeTab): { inspector: Inspector; until(is: Phase['is']): Promise<Phase>; seen: Phase['is'][] } {
  const seen: Phase['is'][] = []
  const inspector: Inspector = new Inspector(tab, () => {
    const { is } = inspector.phase
    if (seen.at(-1) !== is) seen.push(is)
  })
  inspectors.push(inspector)
  inspector.start()
  const until = async (is: Phase['is']): Promise<Phase> => {
    await expect.poll(() => inspector.phase.is, { interval: 5, timeout: 10_000 }).toBe(is)
    return inspector.phase
  }
  return { inspector, until, seen }
}

const page = (...names: string[]): FakeFrame => ({
  stores: Object.fromEntries(names.map((name) => [name, storeNamed(name)])),
})

test('the first store of the page itself is shown, and those of frames are offered', async () => {
  const tab = new FakeTab([page('shop', 'audit'), { ...page('shop'), path: '/pay' }, { ...page('shop'), path: '/pay' }])
  const { inspector, until } = inspect(tab)
  await until('connected')
  await expect.poll(() => inspector.choices.length).toBe(4)
  expect(inspector.choices.map(({ place, store }) => `${place} ${store.name}`)).toEqual([
    ' shop',
    ' audit',
    'https://app.test/pay shop',
    'https://app.test/pay (2) shop',
  ])
  expect(inspector.chosen?.store.name).toBe('shop')
  expect((await inspector.source!.overview()).events).toBe(3)
})

test('a store chosen by hand stays chosen, also when others come and through a reload', async () => {
  const tab = new FakeTab([page('shop', 'audit')])
  const { inspector, until } = inspect(tab)
  await until('connected')
  inspector.choose(inspector.choices[1]!.key)
  await until('connected')
  await expect.poll(() => inspector.source?.store).toBe('audit')
  const { source } = inspector
  tab.navigate([page('first', 'shop', 'audit')])
  await expect.poll(() => inspector.choices.length).toBe(3)
  await until('connected')
  expect(inspector.source).toBe(source)
  expect(inspector.chosen?.store.name).toBe('audit')
})

test('a page without stores says where it looked, and shows one that opens later by itself', async () => {
  const tab = new FakeTab([{ ...page(), path: '/empty' }])
  const { inspector, until } = inspect(tab)
  expect(await until('no-library')).toEqual({ is: 'no-library', frames: ['https://app.test/empty'] })
  tab.change(0, page('late').stores)
  await until('connected')
  expect(inspector.source?.store).toBe('late')
})

test('a page that needs permission is asked for, and shown once it is given', async () => {
  const tab = new FakeTab([page('shop')])
  tab.refusal = { because: 'permission', origin: 'https://app.test' }
  const { inspector, until } = inspect(tab)
  expect(await until('no-permission')).toMatchObject({ origin: 'https://app.test' })
  await inspector.allow('https://app.test')
  await until('connected')
  expect(tab.asked).toEqual(['https://app.test'])
})

test('a frame of an origin that is not allowed is told of, until it is', async () => {
  const tab = new FakeTab([{ ...page('shop'), inside: ['https://app.test', 'https://forbidden.test', 'about:blank'] }])
  const { inspector, until } = inspect(tab)
  await until('connected')
  await expect.poll(() => inspector.forbidden).toEqual(['https://forbidden.test'])
  await inspector.allow('https://forbidden.test')
  await expect.poll(() => inspector.forbidden).toEqual([])
})

test('a page that no extension may see says so', async () => {
  const tab = new FakeTab([])
  tab.refusal = { because: 'browser', why: 'Cannot access a chrome:// URL' }
  expect(await inspect(tab).until('refused')).toEqual({ is: 'refused', why: 'Cannot access a chrome:// URL' })
})

test.each([0, 120])('a page in the back/forward cache is waited for, where looking takes %i ms', async (injectMs) => {
  const first = page('shop')
  const tab = new FakeTab([first])
  tab.injectMs = injectMs
  const { inspector, until } = inspect(tab)
  await until('connected')
  const { source } = inspector
  tab.navigate([{ ...page(), path: '/other' }], { cached: true })
  await until('cached')
  tab.navigate([first])
  await until('connected')
  expect(inspector.source).toBe(source)
})

test('what stands in the back/forward cache is not waited for where the next page has the store too', async () => {
  const tab = new FakeTab([page('shop')])
  const { inspector, until, seen } = inspect(tab)
  await until('connected')
  tab.navigate([{ stores: { shop: { ...storeNamed('shop'), version: 7 } } }], { cached: true })
  await until('other-version')
  tab.navigate([page('other')])
  await until('absent')
  expect(inspector.chosen?.store.name).toBe('shop')
  expect(seen.at(-1)).toBe('absent')
})

test('a store that closes is said to be absent, and shown again when it opens', async () => {
  const tab = new FakeTab([page('shop')])
  const { until } = inspect(tab)
  await until('connected')
  tab.navigate([page('other')])
  expect(await until('absent')).toEqual({ is: 'absent', store: 'shop' })
  tab.change(0, page('other', 'shop').stores)
  await until('connected')
})

test('a store whose handle is closed is absent, whatever its port says', async () => {
  const tab = new FakeTab([page('shop')])
  const { until } = inspect(tab)
  await until('connected')
  tab.change(0, {})
  expect(await until('absent')).toEqual({ is: 'absent', store: 'shop' })
})

test('a library that speaks another version is told with both', async () => {
  const tab = new FakeTab([{ stores: { shop: { ...storeNamed('shop'), version: 7 } } }])
  expect(await inspect(tab).until('other-version')).toEqual({ is: 'other-version', theirs: 7, ours: 1 })
})

test('once the extension is gone it says so and asks nothing more', async () => {
  const tab = new FakeTab([page('shop')])
  const { until } = inspect(tab)
  await until('connected')
  const before = tab.injected
  tab.isThere = false
  await until('updated')
  expect(tab.injected).toBe(before)
})

test('what a frame says that has not the right shape is not heard', async () => {
  const tab = new FakeTab([{ ...page('shop'), origin: 5 as unknown as string }])
  const { inspector, until } = inspect(tab)
  await until('connected')
  expect(inspector.chosen?.origin).toBe('')
})
