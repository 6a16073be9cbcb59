/**
 * Finds a program to run the tests in: a Chromium, a Firefox, a WebKit and the screen it needs.
 *
 * Looks at what the environment names (CHROMIUM_PATH …), then at the commands a system knows, then at the usual places
 * of macOS and Windows. Where there is none and we may (root on Debian or Ubuntu), installs one. Else throws one line
 * that says what to do: a test run without a browser is a failed run, never a shorter one.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * @typedef {object} Program
 * @property {string} name
 * @property {string[]} variables of the environment, that may hold its path
 * @property {string[]} commands
 * @property {string[]} [mac]
 * @property {string[]} [windows] below the folders that programs are in
 * @property {string} [debian] the package it is in
 * @property {string} advice
 */

/** @satisfies {Record<string, Program>} */
export const programs = {
  chromium: {
    name: 'Chromium',
    variables: ['CHROMIUM_PATH', 'CHROME_PATH'],
    commands: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    mac: [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
    ],
    windows: ['Google\\Chrome\\Application\\chrome.exe', 'Chromium\\Application\\chrome.exe'],
    debian: 'chromium',
    advice: 'install Chromium or Google Chrome, or set CHROMIUM_PATH to its executable',
  },
  firefox: {
    name: 'Firefox',
    variables: ['FIREFOX_PATH'],
    commands: ['firefox-esr', 'firefox'],
    mac: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
    windows: ['Mozilla Firefox\\firefox.exe'],
    debian: 'firefox-esr',
    advice: 'install Firefox, or set FIREFOX_PATH to its executable',
  },
  webkit: {
    name: 'WebKitWebDriver',
    variables: ['WEBKIT_DRIVER_PATH'],
    commands: ['WebKitWebDriver'],
    debian: 'webkit2gtk-driver',
    advice: 'install webkit2gtk-driver (Debian, Ubuntu), or set WEBKIT_DRIVER_PATH to WebKitWebDriver',
  },
  screen: {
    name: 'Xvfb',
    variables: ['XVFB_PATH'],
    commands: ['Xvfb'],
    debian: 'xvfb',
    advice: 'install xvfb, or set XVFB_PATH to its executable',
  },
}

const windowsRoots = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']

/**
 * The path of an installed program; installs one where it may, else throws.
 * @param {keyof typeof programs} which
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string}
 */
export function findBrowser(which = 'chromium', env = process.env) {
  /** @type {Program} */
  const program = programs[which]
  const found = installed(program, env)
  if (found !== null) return found
  const trouble = install(program)
  const now = trouble === null ? installed(program, env) : null
  if (now !== null) return now
  throw new Error(`No ${program.name} found${trouble === null ? '' : ` (${trouble})`}: ${program.advice}.`)
}

/**
 * The path of an installed one, or null. A path named by the environment that is not there throws: it was meant.
 * @param {Program} program
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | null}
 */
function installed(program, env) {
  for (const variable of program.variables) {
    const named = env[variable]
    if (!named) continue
    if (!isExecutable(named)) throw new Error(`${variable} is '${named}', which is not an executable file.`)
    return named
  }
  return candidates(program, env).find(isExecutable) ?? null
}

/**
 * @param {Program} program
 * @param {NodeJS.ProcessEnv} env
 */
function candidates({ commands, mac = [], windows = [] }, env) {
  const folders = (env['PATH'] ?? '').split(delimiter).filter(Boolean)
  const onPath = commands.flatMap((command) => folders.map((folder) => join(folder, command)))
  if (process.platform === 'darwin') return [...onPath, ...mac]
  if (process.platform !== 'win32') return onPath
  return windowsRoots.flatMap((root) => windows.map((place) => join(env[root] ?? 'C:\\', place)))
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

/**
 * Null when it worked, else what was in the way.
 * @param {Program} program
 */
function install({ name, debian }) {
  if (debian === undefined || process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) {
    return 'there is no apt-get to install it with'
  }
  if (process.getuid?.() !== 0) return 'installing it needs root'
  console.error(`No ${name} found: installing it with apt-get.`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const step of [['update'], ['install', '-y', '--no-install-recommends', debian]]) {
    const { status } = spawnSync('apt-get', step, { env, stdio: ['ignore', 2, 2] })
    if (status !== 0) return `apt-get ${step[0]} failed`
  }
  return null
}
