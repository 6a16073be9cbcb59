import type { Allocation } from '../state.js'

/** How many findings of one kind are told; more are only counted. */
export const MOST_FINDINGS = 1_000

export function hex(ptr: bigint): string {
  return `0x${ptr.toString(16)}`
}

/** ' (name: Type)', as far as it is known. */
export function named({ varName, typeName }: Allocation): string {
  const words = [varName, typeName].filter((word) => word !== undefined)
  return words.length === 0 ? '' : ` (${words.join(': ')})`
}
