import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { repositoryRoot } from '../kit/browser.js'

/** @import { SoakOptions } from './soak.js' */

/**
 * `--seconds 30 --seed <random> --tabs 8 --dist <folder>`; the folder may also be named by SOAK_DIST. Without one the
 * package is built first.
 * @param {string[]} args
 * @returns {SoakOptions & { build: boolean }}
 */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: 'string', default: '30' },
      seed: { type: 'string' },
      tabs: { type: 'string', default: '8' },
      dist: { type: 'string' },
      'no-build': { type: 'boolean', default: false },
    },
  })
  const dist = values.dist ?? process.env['SOAK_DIST']
  return {
    seconds: positive('seconds', values.seconds),
    seed: positive('seed', values.seed ?? String(1 + Math.floor(Math.random() * 1_000_000))),
    tabs: positive('tabs', values.tabs),
    dist: resolve(dist ?? join(repositoryRoot, 'dist')),
    build: dist === undefined && !values['no-build'],
  }
}

/**
 * @param {string} name
 * @param {string} text
 */
function positive(name, text) {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} takes a whole number from 1 on.`)
  return number
}
