/**
 * `npm run bench`: how fast it is beside its peers, in a real Chromium, from the built package.
 *
 *   npm run bench                         everything, at most forty minutes; keeps its figures and writes README's tables
 *   npm run bench -- append               the cases with `append` in their name (see cases/)
 *   npm run bench -- append --keep        the same, and keeps their figures
 *   npm run bench -- --readme             only writes README's tables anew from the figures kept
 *   npm run bench -- --quick              fewer rounds, smaller sizes: a first look, not a figure to quote
 *   npm run bench -- --no-build           dist/ as it is
 *   npm run bench -- --dist folder        another built package
 *   npm run bench -- --browser firefox    in Firefox, what runs there: append, read, record
 *   npm run bench -- --against folder     a second built package, as one more contender where data is written and read
 *
 * Prints Markdown and writes artifacts/bench.md and artifacts/bench.json. Figures are kept in test/bench/results.json.
 * A missed target is printed as missed; it is not a failure. The exit code tells only whether everything could be
 * measured. The peers are installed into test/bench/peers when they are first needed.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repositoryRoot } from '../kit/browser.js'
import { writeBlock } from '../kit/readme-block.js'
import { cases } from './cases.js'
import { startGround } from './ground.js'
import { describeMachine } from './machine.js'
import { readOptions } from './options.js'
import { bundlePeers } from './peers.js'
import { toMarkdown } from './report.js'
import { benchBlock, keepResults } from './results.js'
import { within } from './within.js'

/** @import { Machine } from './machine.js' */
/** @import { Line } from './row.js' */

const BENCH_MS = 40 * 60_000
const CASE_MS = 12 * 60_000

const options = readOptions(process.argv.slice(2))
if (options.readme) writeBlock(benchBlock)
else await bench()

async function bench() {
  const wanted = cases.filter(
    ({ name }) => options.cases.length === 0 || options.cases.some((part) => name.includes(part)),
  )
  if (wanted.length === 0) throw new Error(`No case matches. There are: ${cases.map(({ name }) => name).join(', ')}.`)
  if (options.build) buildPackage()
  const peers = wanted.some(({ needsPeers }) => needsPeers) ? mkdtempSync(join(tmpdir(), 'tabscribe-peers-')) : null
  if (peers !== null) await bundlePeers(peers)

  const endsAt = performance.now() + BENCH_MS
  /** @type {Record<string, Line[]>} */
  const measured = {}
  /** @type {string[]} */
  const failed = []
  /** @type {Record<string, Machine>} */
  const machines = {}
  for (const one of wanted) {
    const ground = await startGround({ ...options, browser: one.browser ?? options.browser }, peers)
    machines[one.name] = describeMachine(ground.browser)
    try {
      measured[one.name] = await within(Math.min(CASE_MS, endsAt - performance.now()), one.run(ground, options))
    } catch (trouble) {
      failed.push(one.name)
      console.error(`${one.name} could not be measured:`, trouble)
      measured[one.name] = [{ case: one.name, trouble: 'could not be measured' }]
    } finally {
      await ground.close()
    }
    console.error(`${one.name}: ${((BENCH_MS - (endsAt - performance.now())) / 1000).toFixed(0)} s after the start`)
  }
  if (peers !== null) rmSync(peers, { recursive: true, force: true })

  const { quick, rounds } = options
  const machine = /** @type {Machine} */ (Object.values(machines)[0])
  const markdown = toMarkdown({ machine, quick, rounds, cases: measured })
  const folder = join(repositoryRoot, 'artifacts')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'bench.json'), `${JSON.stringify({ machine, quick, rounds, cases: measured }, null, 2)}\n`)
  writeFileSync(join(folder, 'bench.md'), markdown)
  console.log(markdown)
  process.exitCode = failed.length > 0 ? 1 : 0
  if (!options.keep) return
  const kept = Object.entries(measured).filter(([name]) => !failed.includes(name))
  keepResults(
    Object.fromEntries(kept.map(([name, lines]) => [name, { machine: machines[name] ?? machine, rounds, lines }])),
    cases.map(({ name }) => name),
  )
  writeBlock(benchBlock)
}

function buildPackage() {
  const env = { ...process.env, NODE_ENV: 'production' }
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: repositoryRoot,
    env,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error('The build failed.')
}
