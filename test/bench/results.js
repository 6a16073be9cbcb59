/** The figures that are kept: of every case those of its last whole run, with the machine that they were measured on. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '../kit/browser.js'
import { machineText, method, sectionText } from './report.js'

/** @import { Block } from '../kit/readme-block.js' */
/** @import { Machine } from './machine.js' */
/** @import { Line } from './row.js' */

/** @typedef {{ machine: Machine, rounds: number, lines: Line[] }} Result */
/** @typedef {Record<string, Result>} Results by case */

const path = join(repositoryRoot, 'test/bench/results.json')
const DIGITS = 4

/** @returns {Results} */
export function readResults() {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
}

/**
 * @param {Results} measured instead of what was kept of the same cases
 * @param {string[]} order of all cases; what is of none any more is dropped
 */
export function keepResults(measured, order) {
  const results = { ...readResults(), ...measured }
  const kept = order.flatMap((name) => (results[name] ? [/** @type {const} */ ([name, results[name]])] : []))
  const entries = kept.map(([name, { machine, rounds, lines }]) => {
    const own = lines.map((line) => `      ${JSON.stringify(line, rounded)}`).join(',\n')
    return `  ${JSON.stringify(name)}: {\n    "machine": ${JSON.stringify(machine)},\n    "rounds": ${rounds},\n    "lines": [\n${own}\n    ]\n  }`
  })
  // Whole or not at all.
  writeFileSync(`${path}.new`, `{\n${entries.join(',\n')}\n}\n`)
  renameSync(`${path}.new`, path)
}

/** @type {(key: string, value: unknown) => unknown} */
const rounded = (_, value) => (typeof value === 'number' ? Number(value.toPrecision(DIGITS)) : value)

/** @type {Block} */
export const benchBlock = {
  name: 'bench',
  command: 'npm run bench',
  markdown: () => readmeMarkdown(readResults()),
}

/** @param {Results} results */
function readmeMarkdown(results) {
  const sections = Object.entries(results).flatMap(([name, { rounds, lines }]) =>
    lines.flatMap((line) => ('body' in line && line.inReadme ? [sectionText(line, name, rounds)] : [])),
  )
  const machines = [...new Set(Object.values(results).map(({ machine }) => machineText(machine)))]
  return [...machines, method, ...sections].join('\n\n')
}
