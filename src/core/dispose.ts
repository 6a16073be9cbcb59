/** What `using` calls at its end. Where an engine has no such symbol yet, that is the one bundlers' `using` looks for. */
export const dispose: typeof Symbol.dispose = known('dispose') as typeof Symbol.dispose
export const asyncDispose: typeof Symbol.asyncDispose = known('asyncDispose') as typeof Symbol.asyncDispose

function known(name: 'dispose' | 'asyncDispose'): symbol {
  return (Symbol as Partial<Record<typeof name, symbol>>)[name] ?? Symbol.for(`Symbol.${name}`)
}
