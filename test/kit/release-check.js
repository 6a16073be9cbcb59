/**
 * `npm run release:check`: everything that a release needs but to publish it. Stops at the first thing that is wrong, and
 * says what to do. publint, attw, the sizes and the packed package in other people's bundlers are among the tests.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const { name, version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))

check('The tree is clean', () => {
  const changed = output('git', ['status', '--porcelain'])
  if (changed !== '') return `Commit or stash first:\n${changed}`
  return null
})

check('The version is new', () => {
  const tagged = output('git', ['tag', '--list', `v${version}`])
  return tagged === '' ? null : `v${version} is tagged already: raise the version in package.json.`
})

check('The changelog tells of it', () => {
  const changes = readFileSync(`${root}CHANGELOG.md`, 'utf8').split(/^## /m)
  const entry = changes.find((own) => own.split(/\s/, 1)[0] === version)
  return entry?.includes('\n- ') ? null : `CHANGELOG.md has no entries under '## ${version}'.`
})

check('All tests pass', () => (run('npm', ['test', '--silent']) ? null : 'See above.'))

check('The sizes are as they were promised', () => (run('node', ['test/kit/package-sizes.js']) ? null : 'See above.'))

check('The tarball holds what it should', () => {
  const [{ files }] = JSON.parse(output('npm', ['pack', '--dry-run', '--json', '--ignore-scripts']))
  const paths = files.map((/** @type {{ path: string }} */ { path }) => path)
  const { exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
  const wanted = Object.values(exports).flatMap((target) =>
    typeof target === 'string' ? target : Object.values(target),
  )
  const missing = wanted.filter((path) => !paths.includes(path.replace('./', '')))
  console.log(`  ${paths.length} files`)
  return missing.length === 0 ? null : `These are missing, build the package: ${missing.join(', ')}`
})

console.log(`\n${name} ${version} can be released: npm publish, then git tag v${version}.`)

/**
 * @param {string} what
 * @param {() => string | null} whyNot
 */
function check(what, whyNot) {
  console.log(`${what}?`)
  const reason = whyNot()
  if (reason === null) return
  console.error(`\nNot yet. ${reason}`)
  process.exit(1)
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function run(command, args) {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' }).status === 0
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function output(command, args) {
  return execFileSync(command, args, { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' }).trim()
}
