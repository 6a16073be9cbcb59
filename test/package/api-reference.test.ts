import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { apiReference, referencePath } from '../kit/api-reference.js'

test('the reference is the one that the shipped types give: npm run api', () => {
  expect(readFileSync(referencePath, 'utf8')).toBe(apiReference())
})

test('it tells of every entry, with signatures, comments and nothing private', () => {
  const reference = apiReference()
  const entries = Array.from(reference.matchAll(/^## (.*)$/gm), ([, entry]) => entry)
  const parts = ['', '/memory', '/panel', '/preact', '/react', '/testing']
  expect(entries).toEqual(parts.map((part) => `tabscribe${part}`))
  for (const name of ['openStore', 'Store', 'Limiter', 'StoreError', 'Hooks', 'manualClock', 'mountPanel', 'Memory']) {
    expect(reference).toContain(`\n### ${name}\n`)
  }
  expect(reference).toContain('function openStore(name: string, options?: StoreOptions')
  expect(reference).toContain('A flush starts when this many events are queued')
  expect(reference).not.toMatch(/#private|@internal|import\("/)
})
