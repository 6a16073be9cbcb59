import { assertStoreName } from './check.js'
import { loadPart } from './load-part.js'
import { openHandles } from './open.js'

/** Deletes everything the named store ever wrote (all its databases), closing open connections first. */
export async function deleteStore(name: string): Promise<void> {
  assertStoreName(name)
  await Promise.allSettled(openHandles(name).map((store) => store.close()))
  const { deleteDatabases } = await loadPart(() => import('./delete-databases.js'))
  await deleteDatabases(name)
}
