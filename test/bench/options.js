import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { repositoryRoot } from '../kit/browser.js'

/**
 * @typedef {object} Options
 * @property {string[]} cases parts of the names of the cases wanted; none = all
 * @property {boolean} quick
 * @property {boolean} build
 * @property {'chromium' | 'firefox'} browser
 * @property {boolean} keep the figures, for README
 * @property {boolean} readme only write README's tables
 * @property {number} rounds
 * @property {number[]} counts events in a run of the cases that write and read everything
 * @property {number[]} sizes bytes of an event's JSON
 * @property {number} many events of the largest store
 * @property {string} dist the built package
 * @property {string | null} against another one
 */

/**
 * @param {string[]} args
 * @returns {Options}
 */
export function readOptions(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      readme: { type: 'boolean', default: false },
      'no-build': { type: 'boolean', default: false },
      rounds: { type: 'string' },
      dist: { type: 'string' },
      browser: { type: 'string', default: 'chromium' },
      against: { type: 'string' },
    },
  })
  const { quick, dist, against, browser } = values
  if (browser !== 'chromium' && browser !== 'firefox') throw new Error('--browser takes chromium or firefox.')
  const whole =
    positionals.length === 0 && !quick && dist === undefined && against === undefined && browser === 'chromium'
  const rounds = Number(values.rounds ?? (quick || whole ? 3 : 5))
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number from 1 on.')
  return {
    cases: positionals,
    quick,
    build: !values['no-build'] && dist === undefined,
    browser,
    keep: values.keep || whole,
    readme: values.readme,
    rounds,
    counts: quick ? [10_000] : [10_000, 100_000],
    sizes: [128, 512, 1024],
    many: quick ? 100_000 : 1_000_000,
    dist: resolve(dist ?? `${repositoryRoot}dist`),
    against: against === undefined ? null : resolve(against),
  }
}
