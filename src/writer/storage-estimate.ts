import type { WriterHealth } from '../protocol/writer-api.js'

export async function storageEstimate(): Promise<WriterHealth['storage']> {
  const storage = globalThis.navigator?.storage as StorageManager | undefined
  const [estimate, persisted] = await Promise.all([
    storage?.estimate?.().catch(() => undefined),
    storage?.persisted?.().catch(() => undefined),
  ])
  return { usage: estimate?.usage ?? null, quota: estimate?.quota ?? null, persisted: persisted ?? null }
}
