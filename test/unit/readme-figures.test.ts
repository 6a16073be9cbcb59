import { expect, test } from 'vitest'
import { benchBlock } from '../bench/results.js'
import { promisesBlock } from '../figures/promises.js'
import { readReadme, withBlock } from '../kit/readme-block.js'

test.each([
  ['the promises', promisesBlock],
  ['the bench', benchBlock],
])("README's figures of %s are those that were measured last", (_, block) => {
  const readme = readReadme()
  expect(withBlock(readme, block)).toBe(readme)
})
