import { DATA_PLAIN, DATA_TAGGED } from './columns.js'
import { isPlainJson, TAG } from './plain-json.js'
import { reviveTagged } from './tagged-json.js'

export interface CapturedJson {
  kind: typeof DATA_PLAIN | typeof DATA_TAGGED
  /** As it is to be stored. */
  text: string
  /** What it reads as. */
  value: unknown
}

/** Takes over parsed tagged JSON from a file. Throws when it cannot be read back. */
export function captureArchived(json: unknown): CapturedJson {
  if (isPlainJson(json)) return { kind: DATA_PLAIN, text: JSON.stringify(json), value: json }
  const kept = keepNumbers(json)
  const text = JSON.stringify(kept)
  return { kind: DATA_TAGGED, text, value: reviveTagged(kept) }
}

// JSON can say -0 and 1e999 but JSON.stringify cannot: as tags they survive.
function keepNumbers(json: unknown): unknown {
  if (typeof json === 'number') {
    if (Object.is(json, -0)) return { [TAG]: ['number', '-0'] }
    return Number.isFinite(json) ? json : { [TAG]: ['number', String(json)] }
  }
  if (typeof json !== 'object' || json === null) return json
  const keys = Object.keys(json)
  if (keys.length > 1 && !Array.isArray(json) && Object.hasOwn(json, TAG)) {
    throw new TypeError('a tagged value has more than its tag')
  }
  for (const key of keys) {
    const value = (json as Record<string, unknown>)[key]
    const kept = keepNumbers(value)
    if (kept !== value)
      Object.defineProperty(json, key, { value: kept, enumerable: true, configurable: true, writable: true })
  }
  return json
}
