import type { Path } from '../../src/protocol/panel-source.js'
import { stepText } from './path-text.js'
import { elementsOf, kindOf } from './value-kind.js'
import { summary } from './value-preview.js'

/** Children shown at once; more are put into ranges that open one by one, so that nothing is left out. */
export const CHUNK_ITEMS = 100
/** A longer string opens into pieces. */
export const CHUNK_TEXT = 2000
export const LONG_TEXT = 200

export interface TreeNode {
  /** Unique among the nodes of one tree; the same for the same place in another event. */
  id: string
  label: string
  /** As written in the filter: `data.lines[0]["a key"]`; null for places it cannot name. */
  path: string | null
  /** As diff() and history() take it, from the root on; null for places they cannot name. */
  keys: Path | null
  value: unknown
  /** Set on a node that stands for a part of its value's children, or of a long text. */
  range: { from: number; to: number } | null
}

interface Entry {
  label: string
  /** What follows the parent's path; null where the filter has no word for it. */
  step: string | null
  key: string | number | null
  value: unknown
}

export function rootNode(name: string, value: unknown): TreeNode {
  return { id: name, label: name, path: name, keys: [], value, range: null }
}

export function isExpandable({ value, range }: TreeNode): boolean {
  if (typeof value === 'string') return range === null && value.length > LONG_TEXT
  return childCount(value) > 0
}

export function childrenOf(node: TreeNode): TreeNode[] {
  const { value } = node
  const { from, to } = node.range ?? { from: 0, to: typeof value === 'string' ? value.length : childCount(value) }
  if (typeof value === 'string') return ranges(node, from, to, CHUNK_TEXT)
  let size = 1
  while ((to - from) / size > CHUNK_ITEMS) size *= CHUNK_ITEMS
  if (size > 1) return ranges(node, from, to, size)
  return entries(value, from, to).map(({ label, step, key, value: child }, index) => ({
    id: `${baseId(node)}/${from + index}:${label}`,
    label,
    path: step === null || node.path === null ? null : node.path + step,
    keys: key === null || node.keys === null ? null : [...node.keys, key],
    value: child,
    range: null,
  }))
}

function ranges(node: TreeNode, from: number, to: number, size: number): TreeNode[] {
  return Array.from({ length: Math.ceil((to - from) / size) }, (_, index) => {
    const range = { from: from + index * size, to: Math.min(to, from + (index + 1) * size) }
    const label = `${range.from} … ${range.to - 1}`
    return {
      id: `${baseId(node)}\n${range.from}-${range.to}`,
      label,
      path: node.path,
      keys: node.keys,
      value: node.value,
      range,
    }
  })
}

/** A range's id ends in a line of its own. */
function baseId({ id, range }: TreeNode): string {
  return range === null ? id : id.slice(0, id.lastIndexOf('\n'))
}

function childCount(value: unknown): number {
  switch (kindOf(value)) {
    case 'array':
      return (value as unknown[]).length
    case 'map':
    case 'set':
      return (value as Set<unknown>).size
    case 'bytes':
      return elementsOf(value as object).length
    case 'object':
    case 'error':
      return ownKeys(value as object).length
    default:
      return 0
  }
}

function entries(value: unknown, from: number, to: number): Entry[] {
  const kind = kindOf(value)
  if (kind === 'array' || kind === 'bytes') {
    const items: ArrayLike<unknown> = kind === 'array' ? (value as unknown[]) : elementsOf(value as object)
    return Array.from({ length: to - from }, (_, index) => ({
      label: String(from + index),
      step: kind === 'array' ? `[${from + index}]` : null,
      key: from + index,
      value: items[from + index],
    }))
  }
  if (kind === 'set') {
    return [...(value as Set<unknown>)]
      .slice(from, to)
      .map((item, index) => ({ label: String(from + index), step: null, key: from + index, value: item }))
  }
  if (kind === 'map') {
    return [...(value as Map<unknown, unknown>)].slice(from, to).map(([key, item]) => {
      if (typeof key === 'string') return { label: key, step: stepText(key), key, value: item }
      const simple = typeof key !== 'object' || key === null
      return simple
        ? { label: summary(key), step: null, key: typeof key === 'number' ? key : null, value: item }
        : { label: `${summary(key)} →`, step: null, key: null, value: { key, value: item } }
    })
  }
  const object = value as Record<string, unknown>
  return ownKeys(object)
    .slice(from, to)
    .map((key) => ({ label: key, step: stepText(key), key, value: object[key] }))
}

/** An error's telling parts are not enumerable. */
function ownKeys(value: object): string[] {
  const keys = Object.keys(value)
  if (kindOf(value) !== 'error') return keys
  return [...new Set(['name', 'message', 'stack', 'cause', ...keys])].filter((key) => key in value)
}

export interface TreeRow {
  node: TreeNode
  /** From 1. */
  level: number
  position: number
  siblings: number
  parent: TreeRow | null
  expanded: boolean
}

/** The nodes in sight, top to bottom. */
export function visibleRows(roots: TreeNode[], expanded: ReadonlySet<string>): TreeRow[] {
  const rows: TreeRow[] = []
  const visit = (nodes: TreeNode[], parent: TreeRow | null): void => {
    nodes.forEach((node, index) => {
      const open = expanded.has(node.id) && isExpandable(node)
      const row = {
        node,
        level: (parent?.level ?? 0) + 1,
        position: index + 1,
        siblings: nodes.length,
        parent,
        expanded: open,
      }
      rows.push(row)
      if (open) visit(childrenOf(node), row)
    })
  }
  visit(roots, null)
  return rows
}
