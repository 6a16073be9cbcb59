/**
 * `npm run bench`: how fast it is beside its peers, in a real Chromium, from the built package.
 *
 *   npm run bench                         everything, some twenty minutes
 *   npm run bench -- append               the cases with `append` in their name (see cases/)
 *   npm run bench -- --quick              fewer rounds, smaller sizes: a first look, not a figure to quote
 *   npm run bench -- --no-build           dist/ as it is
 *   npm run bench -- --dist folder        another built package
 *   npm run bench -- --browser firefox    in Firefox, what runs there: append, read, record
 *   npm run bench -- --against folder     a second built package, as one more contender where data is written and read
 *
 * Prints Markdown and writes artifacts/bench.md and artifacts/bench.json. A missed target is printed as missed; it is
 * not a failure. The exit code tells only whether everything could be measured.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '../kit/browser.js'
import { cases } from './cases.js'
import { startGround } from './ground.js'
import { describeMachine } from './machine.js'
import { readOptions } from './options.js'
import { toMarkdown } from './report.js'

/** @import { Row } from './row.js' */

const options = readOptions(process.argv.slice(2))
if (options.build) build()

const wanted = cases.filter(
  ({ name }) => options.cases.length === 0 || options.cases.some((part) => name.includes(part)),
)
if (wanted.length === 0) throw new Error(`No case matches. There are: ${cases.map(({ name }) => name).join(', ')}.`)

/** @type {Row[]} */
const rows = []
let browser = ''
for (const { name, run } of wanted) {
  const startedAt = performance.now()
  const ground = await startGround(options)
  browser = ground.browser
  try {
    const measured = await run(ground, options)
    rows.push(...measured)
    console.error(`${name}: ${measured.length} rows in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`)
  } catch (trouble) {
    process.exitCode = 1
    console.error(`${name} could not be measured:`, trouble)
    rows.push({ case: name, trouble: 'could not be measured' })
  } finally {
    await ground.close()
  }
}

const report = { machine: describeMachine(browser), quick: options.quick, rounds: options.rounds, rows }
const markdown = toMarkdown(report)
const folder = join(repositoryRoot, 'artifacts')
mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, 'bench.json'), `${JSON.stringify(report, null, 2)}\n`)
writeFileSync(join(folder, 'bench.md'), markdown)
console.log(markdown)

function build() {
  const env = { ...process.env, NODE_ENV: 'production' }
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: repositoryRoot,
    env,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error('The build failed.')
}
