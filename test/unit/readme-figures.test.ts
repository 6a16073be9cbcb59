import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readmePath, readPromises, withPromises } from '../figures/promises.js'

test("README's figures are those that were measured last", () => {
  const readme = readFileSync(readmePath, 'utf8')
  expect(withPromises(readme, readPromises())).toBe(readme)
})
