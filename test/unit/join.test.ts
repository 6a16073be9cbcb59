import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.doUnmock('../../src/client/shared-store.js')
  vi.resetModules()
})

test('a store whose client cannot be loaded rejects, and opens once it can', async () => {
  const served = { client: false }
  const actual = await vi.importActual<object>('../../src/client/shared-store.js')
  vi.doMock('../../src/client/shared-store.js', () => {
    if (!served.client) throw new TypeError('Failed to fetch dynamically imported module')
    return actual
  })
  const { openStore } = await import('../../src/client/open.js')
  const options = { storage: 'memory', host: 'inline' } as const
  await expect(openStore('shop', options)).rejects.toMatchObject({ code: 'unsupported' })
  served.client = true
  const store = await openStore('shop', options)
  expect(await store.topics()).toEqual([])
  await store.close()
})
