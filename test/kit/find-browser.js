/**
 * Finds a Chromium to run the tests in.
 *
 * Looks at CHROMIUM_PATH and CHROME_PATH, then at the commands a system knows, then at the usual places of macOS and
 * Windows. Where there is none and we may (root on Debian or Ubuntu), installs one. Else throws one line that says what
 * to do: a test run without a browser is a failed run, never a shorter one.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

const macPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

const windowsRoots = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
const windowsPlaces = ['Google\\Chrome\\Application\\chrome.exe', 'Chromium\\Application\\chrome.exe']

/**
 * The path of an installed Chromium or Chrome; installs one where it may, else throws.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string}
 */
export function findBrowser(env = process.env) {
  const found = installedBrowser(env)
  if (found !== null) return found
  const trouble = installChromium()
  const installed = trouble === null ? installedBrowser(env) : null
  if (installed !== null) return installed
  throw new Error(
    `No Chromium found${trouble === null ? '' : ` (${trouble})`}: install Chromium or Google Chrome, or set CHROMIUM_PATH to its executable.`,
  )
}

/**
 * The path of an installed browser, or null. A path named by the environment that is not there throws: it was meant.
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | null}
 */
export function installedBrowser(env) {
  for (const name of ['CHROMIUM_PATH', 'CHROME_PATH']) {
    const named = env[name]
    if (!named) continue
    if (!isExecutable(named)) throw new Error(`${name} is '${named}', which is not an executable file.`)
    return named
  }
  return candidates(env).find(isExecutable) ?? null
}

/** @param {NodeJS.ProcessEnv} env */
function candidates(env) {
  const folders = (env['PATH'] ?? '').split(delimiter).filter(Boolean)
  const onPath = commands.flatMap((command) => folders.map((folder) => join(folder, command)))
  if (process.platform === 'darwin') return [...onPath, ...macPlaces]
  if (process.platform !== 'win32') return onPath
  return windowsRoots.flatMap((root) => windowsPlaces.map((place) => join(env[root] ?? 'C:\\', place)))
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Null when it worked, else what was in the way. */
function installChromium() {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) return 'there is no apt-get to install it with'
  if (process.getuid?.() !== 0) return 'installing it needs root'
  console.error('No Chromium found: installing it with apt-get.')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const step of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
    const { status } = spawnSync('apt-get', step, { env, stdio: ['ignore', 2, 2] })
    if (status !== 0) return `apt-get ${step[0]} failed`
  }
  return null
}
