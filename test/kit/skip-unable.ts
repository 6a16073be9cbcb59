/** Vitest's set-up for every engine: what it cannot run is skipped, and the reason reported with it. */
import { beforeEach, inject } from 'vitest'
import type { Engine } from './tabs.js'
import { whyUnable } from './unable.js'

declare module 'vitest' {
  interface ProvidedContext {
    engine: Engine
  }
}

beforeEach(({ task, skip }) => {
  const reason = whyUnable(inject('engine'), task.file.name, task.fullTestName.replaceAll(' > ', ' '))
  if (reason !== null) skip(reason.why)
})
