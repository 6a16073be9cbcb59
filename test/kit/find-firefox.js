/**
 * The path of an installed Firefox: FIREFOX_PATH, else the commands a system knows, else the usual place of macOS. Throws
 * one line that says what to do where there is none.
 */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const commands = ['firefox-esr', 'firefox']
const macPlace = '/Applications/Firefox.app/Contents/MacOS/firefox'

/** @returns {string} */
export function findFirefox() {
  const named = process.env['FIREFOX_PATH']
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)
  const onPath = commands.flatMap((command) => folders.map((folder) => join(folder, command)))
  const found = (named ? [named] : [...onPath, macPlace]).find(isExecutable)
  if (found !== undefined) return found
  throw new Error('No Firefox found: install Firefox, or set FIREFOX_PATH to its executable.')
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
