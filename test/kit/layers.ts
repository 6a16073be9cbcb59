/**
 * The rules of what may import what, as a pure function over a map from path to source text.
 *
 * A folder is a layer; a file imports its own layer or a lower one. Type imports count: a type is knowledge too.
 */
import { posix } from 'node:path'
import { parseSync } from 'vite'

/** From the lowest up; each with what goes there. CONTRIBUTING's table is made of them. */
export const layers: readonly { layer: number; folder: string; holds: string }[] = [
  { layer: 0, folder: 'src/core', holds: 'events, faults, ids, locks, and the interfaces of the public API' },
  { layer: 1, folder: 'src/codec', holds: 'segments, columns and tagged JSON: values to bytes and back; pure' },
  { layer: 1, folder: 'src/protocol', holds: 'every message, guard, name and version that two contexts share' },
  {
    layer: 1,
    folder: 'src/fold',
    holds: 'pure functions over events: projections, diff, filters, counters, timelines',
  },
  {
    layer: 2,
    folder: 'src/log',
    holds: 'the log in IndexedDB or memory: append, read, retention, compaction, mending',
  },
  { layer: 2, folder: 'src/memory', holds: 'what memory events come to, and what records them' },
  { layer: 3, folder: 'src/writer', holds: 'the queue before the log, flushing, searches, upkeep' },
  { layer: 4, folder: 'src/host', holds: 'where a writer runs, and the way to it' },
  { layer: 5, folder: 'src/client', holds: 'what a tab calls: handles, outbox, journal, subscriptions, files' },
  { layer: 5, folder: 'src/hooks', holds: 'the hooks of React and Preact, once for both' },
  { layer: 5, folder: 'src/testing', holds: "aids for users' own tests" },
  { layer: 6, folder: 'panel', holds: 'the panel; it asks over its source port and never touches the log' },
  { layer: 7, folder: 'extension', holds: 'the panel inside the developer tools' },
]

export function layerTable(): string {
  const rows = layers.map(({ layer, folder, holds }) => `| ${layer} | \`${folder}\` | ${holds} |`)
  return ['| layer | folder | what goes there |', '| ---: | --- | --- |', ...rows].join('\n')
}

/** What the panel may know of the rest: it sends commands over its source port and never touches the log. */
const panelMayImport = ['src/core', 'src/protocol', 'src/fold', 'panel']
const opensFiles = 'src/client/open-export.ts'

/** All that is bundled into the package; anything else would have to be installed by its users. */
const bundledPackages = ['comlink', 'idb', 'preact']

/** What an app has itself when it uses one of these files: optional peers. */
const peers: Record<string, string> = {
  'src/react.ts': 'react',
  'src/preact.ts': 'preact/hooks',
  'src/hooks/preact-store.ts': 'preact/hooks',
}

/** One sentence per broken rule; none when all hold. */
export function brokenRules(sources: ReadonlyMap<string, string>): string[] {
  const broken: string[] = []
  for (const [path, source] of sources) {
    if (placeOf(path) === null) {
      broken.push(`${path} is in no layer`)
      continue
    }
    for (const specifier of importsOf(path, source)) {
      const reason = whyNot(path, specifier, sources)
      if (reason !== null) broken.push(`${path} imports '${specifier}': ${reason}`)
    }
  }
  return broken
}

function whyNot(path: string, specifier: string, sources: ReadonlyMap<string, string>): string | null {
  if (!specifier.startsWith('.')) {
    // The start page is served from here only: what it loads nobody has to install.
    if (placeOf(path)?.kind === 'application' || peers[path] === specifier) return null
    const known = bundledPackages.some((name) => specifier === name || specifier.startsWith(`${name}/`))
    return known ? null : 'not one of the packages that are bundled'
  }
  const resolved = posix.join(posix.dirname(path), specifier)
  if (resolved.endsWith('.css?inline')) return null
  if (!resolved.endsWith('.js')) return "a relative import ends in '.js'"
  const stem = resolved.slice(0, -'.js'.length)
  const target = [`${stem}.ts`, `${stem}.tsx`].find((candidate) => sources.has(candidate))
  if (target === undefined) return 'no such file'
  return whyNotThisFile(path, target)
}

function whyNotThisFile(path: string, target: string): string | null {
  const from = placeOf(path)
  const to = placeOf(target)
  if (from === null || to === null) return 'no layer'
  if (from.kind === 'application') {
    const allowed = to.kind !== 'layer' || target === 'panel/mount.tsx'
    return allowed ? null : 'the start page is an application: it imports entries of the package'
  }
  if (to.kind === 'entry') return 'nothing imports an entry'
  if (to.kind === 'application') return 'nothing imports the start page'
  if (from.kind === 'entry') return to.folder.startsWith('src/') ? null : 'an entry of src imports from src'
  if (from.folder === 'panel' && target === opensFiles) return null
  if (from.folder === 'panel' && !panelMayImport.includes(to.folder)) return `the panel may not know ${to.folder}`
  return to.layer <= from.layer ? null : `layer ${from.layer} may not know layer ${to.layer}`
}

type Place = { kind: 'entry' } | { kind: 'application' } | { kind: 'layer'; folder: string; layer: number }

function placeOf(path: string): Place | null {
  const [top = '', second = ''] = path.split('/')
  if (path.startsWith('panel/start/')) return { kind: 'application' }
  if (top === 'src' && second.endsWith('.ts')) return { kind: 'entry' }
  const folder = top === 'src' ? `src/${second}` : top
  const layer = layers.find((own) => own.folder === folder)?.layer
  return layer === undefined ? null : { kind: 'layer', folder, layer }
}

const importing = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
])

/** Every specifier a file imports, re-exports, imports lazily or takes a type from. */
export function importsOf(path: string, source: string): string[] {
  const { program, errors } = parseSync(path, source)
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message}`)
  const found: string[] = []
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    if ('type' in node && importing.has(String(node.type)) && 'source' in node) {
      const value = literalOf(node.source)
      if (value !== null) found.push(value)
    }
    Object.values(node).forEach(visit)
  }
  visit(program)
  return found
}

function literalOf(node: unknown): string | null {
  if (typeof node !== 'object' || node === null || !('value' in node)) return null
  return typeof node.value === 'string' ? node.value : null
}
