import type { Engine } from './tabs.js'

/** Tests that an engine cannot run, and why: by file, or by the words of some of its tests. */
interface Unable {
  file: string
  tests?: RegExp
  why: string
}

const unable: Record<Engine, Unable[]> = {
  chromium: [],
  firefox: [],
  webkit: [],
}

/** Null for a test that the engine runs. */
export function whyUnable(engine: Engine, file: string, test: string): string | null {
  return unable[engine].find((one) => file.endsWith(one.file) && (one.tests?.test(test) ?? true))?.why ?? null
}
