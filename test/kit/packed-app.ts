/** The package as its users get it: packed, and installed in an app of its own outside of this repository. */
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { repositoryRoot } from './browser.js'

export const bin = join(repositoryRoot, 'node_modules', '.bin')

/** Other people's bundlers, apart from what this repository is built with. */
export const consumers = join(repositoryRoot, 'test', 'consumers')

export interface PackedApp {
  folder: string
  tarball: string
  /** Paths in the tarball. */
  packed: string[]
  /** Puts a file into the app. */
  write(path: string, text: string): void
  /** The text of a file of the installed package. */
  installed(path: string): string
  /** Makes a package of this repository's, or of the consumers', the app's own: nothing to download, no other version. */
  link(name: string, from?: string): void
  /** Returns what the command printed; throws all of it when it fails. */
  run(command: string, args: string[]): string
  remove(): void
}

export function packedApp(): PackedApp {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tabscribe-app-')))
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  mkdirSync(join(folder, 'packed'))
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', join(folder, 'packed')]
  const report = run(repositoryRoot, 'npm', pack)
  const [{ filename, files }]: [{ filename: string; files: { path: string }[] }] = JSON.parse(report)
  const tarball = join(folder, 'packed', filename)
  write('package.json', JSON.stringify({ name: 'app', private: true, type: 'module' }))
  const quietly = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--legacy-peer-deps']
  run(folder, 'npm', ['install', ...quietly, tarball])
  return {
    folder,
    tarball,
    packed: files.map(({ path }) => path),
    write,
    installed: (path) => readFileSync(join(folder, 'node_modules', 'tabscribe', path), 'utf8'),
    link(name, from = repositoryRoot) {
      symlinkSync(join(from, 'node_modules', name), join(folder, 'node_modules', name), 'junction')
    },
    run: (command, args) => run(folder, command, args),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Installs the consumers as their lock file says, unless they are there. */
export function installConsumers(): void {
  if (existsSync(join(consumers, 'node_modules', '.package-lock.json'))) return
  run(consumers, 'npm', ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'])
}

function run(cwd: string, command: string, args: string[]): string {
  const env = { ...process.env, NODE_ENV: 'production', VITEST: '' }
  const shell = process.platform === 'win32'
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8', shell })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}\n${stderr}`)
  return stdout
}
