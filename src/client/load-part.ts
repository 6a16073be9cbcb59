import { storeError, StoreError } from '../core/fault.js'

/** Loads a part that lies in a chunk of its own. */
export async function loadPart<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    if (error instanceof StoreError) throw error
    throw storeError(
      'unsupported',
      `A part of tabscribe could not be loaded (${String(error)}): serve the package's chunks beside its entry, or reload ` +
        'the page if a new release has replaced them.',
      {},
      error,
    )
  }
}
