/**
 * `npm test`: types, lint, format, build, then the tests in Node, in a browser, in several tabs, in DevTools and
 * of the package.
 *
 *   npm test                   everything, in Chromium, and the extension in Firefox too
 *   npm test -- layers         everything, but only test files with `layers` in their path
 *   npm test -- --browsers chromium,firefox,webkit
 *                              everything in Chromium, then what runs in them in Firefox and WebKit, beside each other
 *   npm run test:browsers      all three, and nothing but what runs in them
 *   npx vitest --project node  one project, watching (`browser`, `tabs`, `extension` and `package` are the others, and
 *                              `tabs-firefox` …)
 *
 * Every step runs, whatever became of the one before; the output of one that failed is printed whole. A filter that
 * matches no file is a failure, and so is a runner that dies without reporting. Skipped tests are named, with the reason
 * where an engine cannot run them (test/kit/unable.js), and count as neither. The last line, alone, adds everything up: `N passed, N failed`.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { delimiter, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { engines, projectsOf } from './engine-names.js'
import { reasonsBesides, whyUnable } from './unable.js'

/** @import { Engine } from './tabs.js' */
/** @import { Reason } from './unable.js' */

const root = fileURLToPath(new URL('../../', import.meta.url))
const reports = join(root, 'artifacts')
const { values: options, positionals: filters } = parseArgs({
  allowPositionals: true,
  options: { browsers: { type: 'string', default: 'chromium' }, 'only-browsers': { type: 'boolean', default: false } },
})
const named = options.browsers.split(',')
const unknown = named.filter((name) => !engines.some((engine) => engine === name))
if (unknown.length > 0) throw new Error(`--browsers takes ${engines.join()}; there is no ${unknown.join()}.`)
const wanted = engines.filter((engine) => named.includes(engine))
const stepTimeoutMs = 40 * 60_000

/** @typedef {{ passed: number, failed: number, skipped: string[] }} Tally */
/** @typedef {{ code: number | null, output: string, took: string }} Ended */

const total = { passed: 0, failed: 0 }

if (!options['only-browsers']) {
  await check('types', ['tsc', '--noEmit'])
  await check('lint', ['oxlint', '--type-aware'])
  await check('format', ['oxfmt', '--check'])
}
const built = await check('build', ['npm', 'run', '--silent', 'build'], { NODE_ENV: 'production' })
// Unless the build just worked, the tests of built files build for themselves, and fail by it.
const env = { TABSCRIBE_BUILT: built ? '1' : '' }
const tallies = []
if (!options['only-browsers']) tallies.push(await vitest('node', env))
if (wanted.includes('chromium')) tallies.push(...(await inEngine('chromium')))
const inToolbox = !options['only-browsers'] || wanted.includes('firefox')
if (!options['only-browsers']) tallies.push(await vitest('extension', env))
if (inToolbox) tallies.push(await vitest('extension-firefox', env))
if (!options['only-browsers']) tallies.push(await vitest('package', env))
const others = await Promise.all(wanted.filter((engine) => engine !== 'chromium').map(inEngine))
tallies.push(...others.flat())
if (filters.length > 0 && tallies.every(({ passed, failed, skipped }) => passed + failed + skipped.length === 0)) {
  console.log(`No test file matches ${filters.join(' ')}.`)
  total.failed++
}
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed > 0 ? 1 : 0

/**
 * Runs what runs in an engine, one project after the other.
 * @param {Engine} engine
 */
async function inEngine(engine) {
  /** @type {Set<Reason>} */
  const reasons = new Set()
  const { pages, tabs } = projectsOf(engine)
  const tallies = [await vitest(pages, env, engine, reasons), await vitest(tabs, env, engine, reasons)]
  if (filters.length > 0) return tallies
  for (const { file, why } of reasonsBesides(engine, reasons)) {
    console.log(`No test of ${file} is kept from ${engine} by: ${why}`)
    total.failed++
  }
  return tallies
}

/**
 * Runs a command that counts as one.
 * @param {string} name
 * @param {string[]} command
 * @param {Record<string, string>} [env]
 */
async function check(name, command, env) {
  const ended = await step(name, command, env)
  const passed = ended.code === 0
  finish(name, { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: [] }, ended)
  return passed
}

/**
 * Runs a Vitest project, of which every test counts as one.
 * @param {string} project
 * @param {Record<string, string>} env
 * @param {Engine} [engine]
 * @param {Set<Reason>} [reasons] filled with those that kept a test from running
 */
async function vitest(project, env, engine, reasons) {
  const report = join(reports, `vitest-${project}.json`)
  mkdirSync(reports, { recursive: true })
  rmSync(report, { force: true })
  const command = ['vitest', 'run', '--project', project, '--reporter=default', '--reporter=json']
  if (filters.length > 0) command.push('--passWithNoTests')
  const ended = await step(project, [...command, `--outputFile.json=${report}`, ...filters], env)
  const tally = tallyOf(report, engine, reasons)
  // A crash, an unhandled rejection or no tests at all: nothing in the report failed, and yet it did.
  if (ended.code !== 0 && tally.failed === 0) tally.failed = 1
  finish(project, tally, ended)
  return tally
}

/**
 * @param {string} report
 * @param {Engine} [engine]
 * @param {Set<Reason>} [reasons]
 * @returns {Tally}
 */
function tallyOf(report, engine, reasons) {
  const tally = { passed: 0, failed: 0, skipped: /** @type {string[]} */ ([]) }
  for (const file of filesIn(report)) {
    let failedHere = 0
    for (const { status, fullName } of file.assertionResults) {
      if (status === 'passed') tally.passed++
      else if (status === 'failed') failedHere++
      else {
        const reason = engine ? whyUnable(engine, file.name, fullName) : null
        if (reason) reasons?.add(reason)
        tally.skipped.push(`${relative(root, file.name)} › ${fullName} (${reason?.why ?? status})`)
      }
    }
    // A file that does not load has no tests, and failed.
    tally.failed += file.status === 'failed' ? Math.max(failedHere, 1) : failedHere
  }
  return tally
}

/**
 * @param {string} report
 * @returns {{ name: string, status: string, assertionResults: { status: string, fullName: string }[] }[]}
 */
function filesIn(report) {
  try {
    return JSON.parse(readFileSync(report, 'utf8')).testResults
  } catch {
    return [] // it died before writing one: its exit code tells
  }
}

/**
 * Resolves when the command has ended, however it did.
 * @param {string} name
 * @param {string[]} command
 * @param {Record<string, string>} [env]
 * @returns {Promise<Ended>}
 */
function step(name, [file = '', ...args], env = {}) {
  const startedAt = performance.now()
  const took = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`
  console.log(`${name} …`)
  const path = `${join(root, 'node_modules', '.bin')}${delimiter}${process.env['PATH'] ?? ''}`
  const colour = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1', FORCE_COLOR: undefined }
  const child = spawn(file, args, {
    cwd: root,
    env: { ...process.env, ...colour, ...env, PATH: path },
    shell: process.platform === 'win32',
    timeout: stepTimeoutMs,
  })
  let output = ''
  const gather = (/** @type {Buffer} */ text) => void (output += text.toString())
  child.stdout.on('data', gather)
  child.stderr.on('data', gather)
  return new Promise((resolve) => {
    child.once('error', (trouble) => resolve({ code: null, output: `${output}\n${trouble.message}`, took: took() }))
    child.once('close', (code, signal) => {
      const ending = signal === null ? '' : `\nEnded by ${signal} after ${took()}.`
      resolve({ code, output: output + ending, took: took() })
    })
  })
}

/**
 * @param {string} name
 * @param {Tally} tally
 * @param {Ended} ended
 */
function finish(name, { passed, failed, skipped }, { output, took }) {
  total.passed += passed
  total.failed += failed
  const counts = [
    `${passed} passed`,
    failed > 0 && `${failed} failed`,
    skipped.length > 0 && `${skipped.length} skipped`,
  ]
  console.log(`${name}: ${counts.filter(Boolean).join(', ')}, ${took}`)
  for (const test of skipped) console.log(`  skipped: ${test}`)
  if (failed > 0) console.log(`\n${output.trim()}\n\n(end of ${name})\n`)
}
