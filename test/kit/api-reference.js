/**
 * docs/api.md, made of the types that are shipped: what every entry exports, with the comments that stand there.
 *
 *   npm run api   builds the types and writes it
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'vite'

const root = fileURLToPath(new URL('../../', import.meta.url))
export const referencePath = join(root, 'docs', 'api.md')

/** @typedef {{ name: string, comment: string, code: string }} Documented */
/** @typedef {{ type: string, start: number, end: number, id?: { name: string }, declarations?: Node[], declaration?: Node | null, source?: { value: string } | null, specifiers?: { exported: { name: string } }[] }} Node what is needed of one */
/** @typedef {{ source: string, body: Node[], comments: { end: number, value: string }[] }} Parsed */

/** The whole text. */
export function apiReference() {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  /** @type {Map<string, string>} */
  const told = new Map()
  const parts = Object.entries(exports).flatMap(([path, target]) => {
    if (typeof target === 'string' || path === './worker') return []
    const entry = `tabscribe${path.slice(1)}`
    const text = entryText(documentedIn(join(root, target.types)))
    const same = told.get(text)
    told.set(text, entry)
    return [`## ${entry}\n\n${same ? `The same as \`${same}\`.\n` : text}`]
  })
  const opening =
    '# The API\n\nMade of the types that are shipped (`npm run api`). Times are epoch milliseconds, ranges half-open; ' +
    '`null` means\nthere is none, `[]` nothing found, `0` known and empty. Every rejection and throw is a `StoreError`.\n\n' +
    '`tabscribe/worker` exports nothing: importing it in a worker makes that the writer.\n'
  return [opening, ...parts].join('\n')
}

/** @param {Documented[]} documented */
function entryText(documented) {
  const parts = documented.map(({ name, comment, code }) =>
    [`### ${name}`, comment, `\`\`\`ts\n${code}\n\`\`\``].filter(Boolean).join('\n\n'),
  )
  const links = documented.map(({ name }) => `[${name}](#${name.toLowerCase()})`)
  return [links.join(' · '), ...parts].join('\n\n') + '\n'
}

/**
 * What a file exports, values first, each where it is declared.
 * @param {string} path
 * @returns {Documented[]}
 */
function documentedIn(path) {
  const parsed = parse(path)
  const found = parsed.body.flatMap((node) => {
    if (node.type !== 'ExportNamedDeclaration') return []
    if (node.declaration) return [{ kind: node.declaration.type, ...declared(parsed, node) }]
    if (!node.source) return []
    const from = join(dirname(path), node.source.value.replace(/\.js$/, '.d.ts'))
    const there = parse(from)
    return (node.specifiers ?? []).map(({ exported: { name } }) => {
      // Several where it is overloaded.
      const owners = there.body.filter(({ declaration }) => declaration && nameOf(declaration) === name)
      const [first, ...more] = owners.map((owner) => ({
        kind: owner.declaration?.type ?? '',
        ...declared(there, owner),
      }))
      if (!first) throw new Error(`${relative(root, from)} does not declare ${name}, which an entry exports.`)
      return { ...first, code: [first, ...more].map(({ code }) => code).join('\n') }
    })
  })
  const isType = (/** @type {{ kind: string }} */ { kind }) => kind.startsWith('TS') && kind !== 'TSDeclareFunction'
  return [...found.filter((own) => !isType(own)), ...found.filter(isType)]
}

/**
 * @param {Parsed} parsed
 * @param {Node} node
 */
function declared({ source, comments }, node) {
  const before = comments.findLast(({ end }) => end <= node.start && source.slice(end, node.start).trim() === '')
  const comment = before?.value.startsWith('*') ? plain(before.value) : ''
  const code = source.slice(node.start, node.end).replace(/^export (?:declare )?/, '')
  const name = node.declaration ? nameOf(node.declaration) : ''
  return { name, comment, code: code.replaceAll(/^ {4}#private;\n/gm, '').replaceAll(/^( {4})+/gm, halved) }
}

/** @param {Node} declaration of one thing */
function nameOf({ id, declarations }) {
  return (id ?? declarations?.[0]?.id)?.name ?? ''
}

/** A doc comment as Markdown. @param {string} comment */
function plain(comment) {
  const lines = comment.slice(1).split('\n')
  return lines
    .map((line) => line.replace(/^\s*\*? ?/, '').trimEnd())
    .join('\n')
    .trim()
}

/** @param {string} indent */
function halved(indent) {
  return ' '.repeat(indent.length / 2)
}

/**
 * @param {string} path
 * @returns {Parsed}
 */
function parse(path) {
  const source = readFileSync(path, 'utf8')
  const { program, comments } = parseSync(path, source)
  // Its nodes have much more to them.
  return { source, body: /** @type {Node[]} */ (/** @type {unknown} */ (program.body)), comments }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(referencePath, apiReference())
