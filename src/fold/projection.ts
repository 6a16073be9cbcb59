import { invalidArgument } from '../core/fault.js'
import type { Projection } from '../core/projection.js'

/** Checks a projection and hands it back, its types inferred. */
export function defineProjection<S>(projection: Projection<S>): Projection<S> {
  if (typeof projection !== 'object' || projection === null) {
    throw invalidArgument('projection', 'an object { name, version, initial, reduce }', projection)
  }
  const { name, version, topics, initial, reduce } = projection
  if (typeof name !== 'string' || name.length === 0 || name.length > 256) {
    throw invalidArgument('projection.name', 'a string of 1 to 256 characters', name)
  }
  if (!Number.isSafeInteger(version) || version < 0) {
    throw invalidArgument('projection.version', 'a whole number of at least 0', version)
  }
  if (topics !== undefined && !(Array.isArray(topics) && topics.every((topic) => typeof topic === 'string'))) {
    throw invalidArgument('projection.topics', 'a list of strings', topics)
  }
  if (typeof initial !== 'function') throw invalidArgument('projection.initial', 'a function', initial)
  if (typeof reduce !== 'function') throw invalidArgument('projection.reduce', 'a function', reduce)
  return projection
}
