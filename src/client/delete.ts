import { storeError } from '../core/fault.js'
import { deleteDatabase } from '../log/idb-factory.js'
import { journalsOf } from '../log/journal.js'
import { logDatabaseName } from '../protocol/names.js'
import { assertStoreName } from './check.js'
import { dropSpill, findSpills } from './spill.js'
import { forgetWitness } from './witness.js'
import { openHandles } from './open.js'

/** Deletes everything the named store ever wrote (all its databases), closing open connections first. */
export async function deleteStore(name: string): Promise<void> {
  assertStoreName(name)
  await Promise.allSettled(openHandles(name).map((store) => store.close()))
  forgetWitness(name)
  for (const spill of findSpills(name, '')) dropSpill(spill)
  if (typeof indexedDB === 'undefined') return
  try {
    const journals = await journalsOf(name)
    await Promise.all([logDatabaseName(name), ...journals].map(deleteDatabase))
  } catch (error) {
    throw storeError('storage-unavailable', `Store '${name}' could not be deleted: ${String(error)}`, {}, error)
  }
}
