import type { Change } from '../core/projection.js'
import { isSameLeaf } from './leaf.js'
import { entriesByObject, isObject, isPlain, partsOf, placeKey, type Key } from './parts.js'

/**
 * What differs between two values, part by part, with the path to each; nothing is left out, and equal values have no
 * differences.
 *
 * Paths go through own keys of objects, indices of arrays and typed arrays, keys of maps (other than strings and
 * numbers as text: '10n', 'true') and places in sets. Arrays are compared index by index: an insertion shows as changes
 * of all that follows it and an addition at the end. What a set has more or less is added or removed. Where a key of a
 * map is an object, the entry is the pair [key, value] at '#0', '#1'… among those, in the map's order. Dates, regular
 * expressions, errors and buffers differ as a whole; numbers as Object.is tells. Sets, and maps with other keys, have
 * no order. A cycle is followed once.
 */
export function diff(before: unknown, after: unknown): Change[] {
  const changes: Change[] = []
  visitChanges({ before, after, key: '', within: null }, (change) => {
    changes.push(change())
    return true
  })
  return changes
}

/** Whether diff() finds nothing. */
export function isSame(before: unknown, after: unknown): boolean {
  return Object.is(before, after) || isSamePair({ before, after, key: '', within: null })
}

interface Pair {
  before: unknown
  after: unknown
  key: Key
  within: Pair | null
}

/** Goes on as long as it is true. The change is made only if it is wanted. */
type Visit = (change: () => Change) => boolean

function isSamePair(pair: Pair): boolean {
  let same = true
  visitChanges(pair, () => (same = false))
  return same
}

// Without recursion, so that values may be as deep as they like.
function visitChanges(root: Pair, visit: Visit): void {
  const pairs = [root]
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const { before, after } = pair
    if (Object.is(before, after)) continue
    if (!isObject(before) || !isObject(after) || !isSameKind(before, after)) {
      if (!visit(changed(pair))) return
      continue
    }
    if (isFollowed(pair)) continue
    const same = isSameLeaf(before, after, (old, now) =>
      isSamePair({ before: old, after: now, key: 'cause', within: pair }),
    )
    if (same === true) continue
    const inner: Pair[] = []
    const goOn = same === null ? visitParts(pair, inner, visit) : visit(changed(pair))
    if (!goOn) return
    while (inner.length > 0) pairs.push(inner.pop()!)
  }
}

// What both have comes back in `inner`, in order.
function visitParts(pair: Pair, inner: Pair[], visit: Visit): boolean {
  const before = pair.before as object
  const after = pair.after as object
  if (before instanceof Set) return visitEntries(pair, before, after as Set<unknown>, visit)
  const parts = partsOf(before)
  if (parts === null) return visit(changed(pair))
  for (const name of parts.names(before)) {
    const [key, old] = [parts.key(name), parts.get(before, name)]
    if (!parts.has(after, name)) {
      if (!visit(removed(pair, key, old))) return false
      continue
    }
    const now = parts.get(after, name)
    if (!Object.is(old, now)) inner.push({ before: old, after: now, key, within: pair })
  }
  for (const name of parts.names(after)) {
    if (!parts.has(before, name) && !visit(added(pair, parts.key(name), parts.get(after, name)))) return false
  }
  if (before instanceof Map) return visitByPlace(pair, before, after as Map<unknown, unknown>, inner, visit)
  // Holes at the end are no parts.
  if (!Array.isArray(before) || before.length === (after as unknown[]).length || endsWhole(before, after)) return true
  const lengths = { before: before.length, after: (after as unknown[]).length, key: 'length', within: pair }
  return visit(changed(lengths))
}

function visitByPlace(
  pair: Pair,
  before: Map<unknown, unknown>,
  after: Map<unknown, unknown>,
  inner: Pair[],
  visit: Visit,
): boolean {
  const [old, now] = [entriesByObject(before), entriesByObject(after)]
  for (let at = 0; at < Math.max(old.length, now.length); at++) {
    const key = placeKey(at)
    if (at >= now.length) {
      if (!visit(removed(pair, key, old[at]))) return false
    } else if (at >= old.length) {
      if (!visit(added(pair, key, now[at]))) return false
    } else inner.push({ before: old[at], after: now[at], key, within: pair })
  }
  return true
}

function visitEntries(pair: Pair, before: Set<unknown>, after: Set<unknown>, visit: Visit): boolean {
  const [old, now] = [[...before], [...after]]
  const [gone, come] = [placesOf(old, after), placesOf(now, before)]
  for (const at of gone) {
    const place = come.findIndex((own) => isSamePair({ before: old[at], after: now[own], key: at, within: pair }))
    if (place >= 0) come.splice(place, 1)
    else if (!visit(removed(pair, at, old[at]))) return false
  }
  return come.every((at) => visit(added(pair, at, now[at])))
}

function placesOf(entries: readonly unknown[], others: ReadonlySet<unknown>): number[] {
  return Array.from(entries.keys()).filter((at) => !others.has(entries[at]))
}

function endsWhole(before: unknown[], after: object): boolean {
  const longer = before.length > (after as unknown[]).length ? before : (after as unknown[])
  return longer.length - 1 in longer
}

function isSameKind(before: object, after: object): boolean {
  if (Array.isArray(before) !== Array.isArray(after)) return false
  return Object.getPrototypeOf(before) === Object.getPrototypeOf(after) || (isPlain(before) && isPlain(after))
}

function isFollowed({ before, after, within }: Pair): boolean {
  for (let above = within; above !== null; above = above.within) {
    if (above.before === before && above.after === after) return true
  }
  return false
}

function changed(pair: Pair): () => Change {
  const { before, after } = pair
  return () => ({ path: pathTo(pair), kind: 'changed', before, after })
}

function removed(pair: Pair, key: Key, before: unknown): () => Change {
  return () => ({ path: [...pathTo(pair), key], kind: 'removed', before })
}

function added(pair: Pair, key: Key, after: unknown): () => Change {
  return () => ({ path: [...pathTo(pair), key], kind: 'added', after })
}

function pathTo(pair: Pair): Key[] {
  const path: Key[] = []
  for (let at = pair; at.within !== null; at = at.within) path.push(at.key)
  return path.reverse()
}
