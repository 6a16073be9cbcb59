import { storeError } from '../core/fault.js'
import { deleteDatabase } from '../log/delete-database.js'
import { journalsOf } from '../log/journal.js'
import { logDatabaseName } from '../protocol/names.js'
import { dropSpill, findSpills } from './spill.js'
import { forgetWitness } from './witness.js'

/** All that is on the disk of a store, wherever. None of its handles may be open in this tab. */
export async function deleteDatabases(name: string): Promise<void> {
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
