/** Vitest's set-up for tests of the extension: builds it, and the start page that it is tried on. */
import { execFileSync } from 'node:child_process'

export default function setup() {
  if (process.env['TABSCRIBE_EXTENSION_BUILT'] === '1') return
  // Under Vitest NODE_ENV is 'test', and a build would ship import.meta.env.DEV === true.
  const env = { ...process.env, NODE_ENV: 'production', VITEST: '' }
  const builds = [
    ['npm', 'run', '--silent', 'build:extension'],
    ['npx', 'vite', 'build', '--base', './', '--outDir', 'artifacts/start-page', '--logLevel', 'warn'],
  ]
  for (const [file = '', ...args] of builds) {
    execFileSync(file, args, { env, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
  }
}
