declare global {
  // Missing from TypeScript's DOM library.
  interface WorkerOptions {
    /** Lets the worker finish its work after the last tab is gone. Never change it: a tab that connects with another value gets no answer. */
    extendedLifetime?: boolean
  }
}

// To the letter, all three: bundlers find the worker by these very expressions.

export function startSharedWorker(): SharedWorker {
  return new SharedWorker(new URL('../worker.ts', import.meta.url), {
    type: 'module',
    name: 'tabscribe',
    extendedLifetime: true,
  })
}

/** Another one of the same script, for when the first answers no more: only the name tells them apart. */
export function startSecondSharedWorker(): SharedWorker {
  return new SharedWorker(new URL('../worker.ts', import.meta.url), {
    type: 'module',
    name: 'tabscribe-2',
    extendedLifetime: true,
  })
}

export function startDedicatedWorker(): Worker {
  return new Worker(new URL('../worker.ts', import.meta.url), { type: 'module', name: 'tabscribe' })
}
