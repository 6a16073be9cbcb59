/** Vitest's set-up for tests of built files: builds dist/, unless the caller just did and says so. */
import { execFileSync } from 'node:child_process'

export default function setup() {
  if (process.env['TABSCRIBE_BUILT'] === '1') return
  // Under Vitest NODE_ENV is 'test', and a build would ship import.meta.env.DEV === true.
  const env = { ...process.env, NODE_ENV: 'production', VITEST: '' }
  execFileSync('npm', ['run', '--silent', 'build'], {
    env,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
}
