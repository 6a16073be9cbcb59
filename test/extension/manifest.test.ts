import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { unzipSync } from 'fflate'
import { expect, test } from 'vitest'
import { repositoryRoot } from '../kit/browser.js'

const built = `${repositoryRoot}artifacts/extension`
const { version } = JSON.parse(readFileSync(`${repositoryRoot}package.json`, 'utf8')) as { version: string }

/** Notes that are known, and why they may stay. */
const known = [
  // Preact's `dangerouslySetInnerHTML`, which nothing here uses.
  'UNSAFE_VAR_ASSIGNMENT assets/panel',
]

interface Note {
  code: string
  file: string
}

test('web-ext lint finds nothing but what is known', async () => {
  const webExt = `${repositoryRoot}node_modules/.bin/web-ext`
  const args = ['lint', '--source-dir', `${built}/firefox`, '--output', 'json']
  const { stdout } = await promisify(execFile)(webExt, args, { shell: process.platform === 'win32' })
  const report = JSON.parse(stdout) as Record<'errors' | 'warnings' | 'notices', Note[]>
  expect(report.errors).toEqual([])
  const notes = [...report.warnings, ...report.notices].map(({ code, file }) => `${code} ${file.replace(/-.*/, '')}`)
  expect(notes).toEqual(known)
})

test.each([
  ['chromium', ['scripting'], ['localhost', 'localhost', '127.0.0.1', '127.0.0.1']],
  ['firefox', [], []],
])('%s: no background script, and no permission but those explained', (browser, permissions, hosts) => {
  const manifest = JSON.parse(readFileSync(`${built}/${browser}/manifest.json`, 'utf8')) as Record<string, string[]>
  expect(manifest).not.toHaveProperty('background')
  expect(manifest).not.toHaveProperty('content_scripts')
  expect(manifest['permissions'] ?? []).toEqual(permissions)
  expect((manifest['host_permissions'] ?? []).map((pattern) => new URL(pattern).hostname)).toEqual(hosts)
  expect(manifest['version']).toBe(version)
})

test.each(['chromium', 'firefox'])('%s: the zip holds what is loaded unpacked', (browser) => {
  const folder = join(built, browser)
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(folder, path)).isFile(),
  )
  const zip = unzipSync(readFileSync(`${built}/tabscribe-${version}-${browser}.zip`))
  const named = paths.map((path) => relative('.', path).replaceAll('\\', '/'))
  expect(Object.keys(zip).toSorted()).toEqual(named.toSorted())
  for (const path of named) expect(Buffer.compare(zip[path]!, readFileSync(join(folder, path))), path).toBe(0)
})

test.each(['chromium/content.js', 'chromium/bridge.js', 'firefox/mailbox.js'])(
  '%s is one script without imports',
  (script) => {
    expect(readFileSync(`${built}/${script}`, 'utf8')).not.toMatch(/^\s*(import|export)\b|\bimport\(/m)
  },
)
