/**
 * `npm run bench`: how fast it is beside its peers, in a real Chromium, from the built package.
 *
 *   npm run bench                         everything, three rounds, at most half an hour; keeps its figures for README
 *   npm run bench -- append               the cases with `append` in their name (see cases/), five rounds
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

/** @import { Case } from './cases.js' */
/** @import { Result, Results } from './results.js' */

const BENCH_MS = 30 * 60_000
const CASE_MS = 10 * 60_000
/** For a browser to start, and to end. */
const GROUND_MS = 60_000

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

  const { quick, rounds } = options
  const beganAt = performance.now()
  const secondsSoFar = () => ((performance.now() - beganAt) / 1000).toFixed(0)
  /** @type {Results} */
  const measured = {}
  /** @type {string[]} */
  const failed = []
  for (const one of wanted) {
    const leftMs = BENCH_MS - (performance.now() - beganAt)
    try {
      measured[one.name] = await measure(one, peers, Math.min(CASE_MS, leftMs))
      // At once: whatever becomes of the rest, this was measured.
      if (options.keep) keep(measured)
    } catch (trouble) {
      failed.push(one.name)
      console.error(`${one.name} could not be measured:`, trouble)
    }
    console.error(`${one.name}: ${secondsSoFar()} s after the start`)
  }
  if (peers !== null) rmSync(peers, { recursive: true, force: true })

  const browser = Object.values(measured)[0]?.machine.browser ?? 'no browser'
  const lines = wanted.map(({ name }) => [
    name,
    measured[name]?.lines ?? [{ case: name, trouble: 'could not be measured' }],
  ])
  const report = { machine: describeMachine(browser), quick, rounds, cases: Object.fromEntries(lines) }
  const folder = join(repositoryRoot, 'artifacts')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'bench.json'), `${JSON.stringify(report, null, 2)}\n`)
  writeFileSync(join(folder, 'bench.md'), toMarkdown(report))
  console.log(toMarkdown(report))
  // A browser that would not end is no reason to stay.
  process.exit(failed.length > 0 ? 1 : 0)
}

/**
 * @param {Case} one
 * @param {string | null} peers
 * @param {number} ms
 * @returns {Promise<Result>}
 */
async function measure(one, peers, ms) {
  if (ms <= 0) throw new Error('The time is up.')
  const ground = await within(GROUND_MS, startGround(options, peers))
  try {
    const lines = await within(ms, one.run(ground, options))
    return { machine: describeMachine(ground.browser), rounds: options.rounds, lines }
  } finally {
    await within(GROUND_MS, ground.close()).catch((trouble) => console.error('The browser did not end:', trouble))
  }
}

/** @param {Results} measured */
function keep(measured) {
  keepResults(
    measured,
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
