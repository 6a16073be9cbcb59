import { outcomeOf, withFactory } from './idb-factory.js'

// Resolves when it is gone, or never was. Connections that are open are asked to close, and waited for.
export function deleteDatabase(name: string): Promise<void> {
  return withFactory(async (factory) => {
    await outcomeOf(factory.deleteDatabase(name))
  })
}
