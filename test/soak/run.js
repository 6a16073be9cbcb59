/**
 * `npm run soak -- --seconds 300 --seed 7`: what `npm test` does for 30 seconds, for any time. The same seed gives the
 * same schedule. Ends with 1 when a promise was broken.
 */
import { execFileSync } from 'node:child_process'
import { readOptions } from './options.js'
import { isClean, saveReport, textOf } from './report.js'
import { runSoak } from './soak.js'

const { build, ...options } = readOptions(process.argv.slice(2))
if (build) execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit', shell: process.platform === 'win32' })
console.log(`soak: seed ${options.seed}, ${options.seconds} s`)
const report = await runSoak(options)
console.log(textOf(report))
console.log(saveReport(report))
process.exitCode = isClean(report) ? 0 : 1
