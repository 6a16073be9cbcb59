import { join } from 'node:path'
import { build, type Rolldown } from 'vite'
import { expect, test } from 'vitest'
import { repositoryRoot } from '../kit/browser.js'
import { block, bytesOf, loadedWith, sizes } from '../kit/package-sizes.js'
import { readReadme, withBlock } from '../kit/readme-block.js'

test.each(sizes)('$what: at most $mostKb KB', (size) => {
  expect(bytesOf(size)).toBeGreaterThan(100)
  expect(bytesOf(size)).toBeLessThanOrEqual(1000 * size.mostKb)
})

test('what is imported at once is found, and what is imported later is not', () => {
  const loaded = [...loadedWith('index.js')]
  expect(loaded).toEqual(expect.arrayContaining(['index.js', 'chunks/core.js']))
  expect(loaded.filter((file) => /client|writer|archive|inline/.test(file))).toEqual([])
})

test("README's table of sizes is the one that is held", () => {
  expect(withBlock(readReadme(), block)).toBe(readReadme())
})

test.each(['index', 'memory', 'panel', 'react', 'preact', 'testing'])(
  '%s: an app that uses none of it gets none',
  async (entry) => {
    expect((await bundle(`import '${dist(entry)}'`)).code.trim()).toBe('')
  },
)

test('an app that only opens files gets neither the panel nor memory events, nor what reaches the worker', async () => {
  const { code, files } = await bundle(`export { openExport } from '${dist('index')}'`)
  expect(files.filter((file) => !/^(?:index|chunks\/(?:core|index-panel))\.js$/.test(file))).toEqual([])
  expect(code).not.toContain('SharedWorker')
})

test('an app that only compares states gets no store', async () => {
  const { code } = await bundle(`export { diff } from '${dist('index')}'`)
  expect(code).not.toContain('import(')
  expect(code.length).toBeLessThan(8_000)
})

const dist = (entry: string): string => join(repositoryRoot, 'dist', `${entry}.js`).replaceAll('\\', '/')

/** What is loaded at once of an app of one script, and which of the package's files are in it. */
async function bundle(script: string): Promise<{ code: string; files: string[] }> {
  const app = 'virtual:app'
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [{ name: 'app', resolveId: (id) => (id === app ? id : null), load: (id) => (id === app ? script : null) }],
    build: {
      write: false,
      modulePreload: false,
      rolldownOptions: { input: app, preserveEntrySignatures: 'strict', external: ['react', 'preact/hooks'] },
    },
  })
  const { output } = built as Rolldown.RolldownOutput
  const chunks = output.filter((part) => part.type === 'chunk')
  const loaded = new Set(chunks.filter(({ isEntry }) => isEntry))
  for (const chunk of loaded) for (const own of chunks) if (chunk.imports.includes(own.fileName)) loaded.add(own)
  const used = [...loaded].flatMap(({ modules }) => Object.entries(modules))
  return {
    code: [...loaded].map(({ code }) => code.replace(/\/\/# sourceMappingURL.*/, '')).join('\n'),
    files: used.flatMap(([id, { code }]) => (code && id.includes('/dist/') ? [id.replace(/.*\/dist\//, '')] : [])),
  }
}
