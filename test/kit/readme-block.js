/** Parts of README that a command writes: between `<!-- name: command -->` and `<!-- /name -->`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from './browser.js'

const readmePath = join(repositoryRoot, 'README.md')

/**
 * @typedef {object} Block
 * @property {string} name
 * @property {string} command
 * @property {() => string} markdown of the figures that were measured last
 */

export function readReadme() {
  return readFileSync(readmePath, 'utf8')
}

/** @param {Block} block */
export function writeBlock(block) {
  writeFileSync(readmePath, withBlock(readReadme(), block))
}

/**
 * README with the block in place of what is there.
 * @param {string} readme
 * @param {Block} block
 */
export function withBlock(readme, { name, command, markdown }) {
  const [start, end] = [`<!-- ${name}: ${command} -->`, `<!-- /${name} -->`]
  const [before, rest] = readme.split(start)
  const after = rest?.split(end)[1]
  if (before === undefined || after === undefined) throw new Error(`README needs a line ${start} and a line ${end}.`)
  return `${before}${start}\n${markdown()}\n${end}${after}`
}

/** @param {string[]} cells */
export const tableRow = (cells) => `| ${cells.join(' | ')} |`
