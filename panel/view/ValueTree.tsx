import type { JSX } from 'preact'
import { useMemo, useRef, useState } from 'preact/hooks'
import type { Path } from '../../src/protocol/panel-source.js'
import { sourceText } from '../model/source-text.js'
import { kindOf } from '../model/value-kind.js'
import { preview, summary } from '../model/value-preview.js'
import { isExpandable, LONG_TEXT, visibleRows, type TreeNode, type TreeRow } from '../model/value-tree.js'
import { formatCount } from '../model/format.js'
import { CopyButton } from './CopyButton.js'
import { Icon } from './Icon.js'
import { Preview } from './Preview.js'

export interface ValueTreeProps {
  label: string
  roots: TreeNode[]
  /** Asks what changed the value at a path of the first root. */
  onHistory?(path: Path): void
}

// Which nodes are open is remembered by place, so that going from event to event keeps them.
export function ValueTree({ label, roots, onHistory }: ValueTreeProps): JSX.Element {
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(() => new Set(roots.slice(0, 1).map(({ id }) => id)))
  const [activeId, setActiveId] = useState(roots[0]?.id)
  const tree = useRef<HTMLDivElement>(null)
  const rows = useMemo(() => visibleRows(roots, expanded), [roots, expanded])
  const activeIndex = Math.max(
    0,
    rows.findIndex(({ node }) => node.id === activeId),
  )
  const active = rows[activeIndex]

  function toggle({ node }: TreeRow, open: boolean): void {
    const next = new Set(expanded)
    if (open) next.add(node.id)
    else next.delete(node.id)
    setExpanded(next)
  }

  function go(row: TreeRow | undefined): void {
    if (row === undefined) return
    setActiveId(row.node.id)
    tree.current?.querySelector(`[data-index="${rows.indexOf(row)}"]`)?.scrollIntoView({ block: 'nearest' })
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (active === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    const { node } = active
    if (event.key === 'ArrowDown') go(rows[activeIndex + 1])
    else if (event.key === 'ArrowUp') go(rows[activeIndex - 1])
    else if (event.key === 'Home') go(rows[0])
    else if (event.key === 'End') go(rows.at(-1))
    else if (event.key === 'ArrowRight' && isExpandable(node)) {
      if (active.expanded) go(rows[activeIndex + 1])
      else toggle(active, true)
    } else if (event.key === 'ArrowLeft') {
      if (active.expanded) toggle(active, false)
      else go(active.parent ?? undefined)
    } else if (event.key === 'Enter' || event.key === ' ') {
      if (isExpandable(node)) toggle(active, !active.expanded)
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  function onClick(event: MouseEvent): void {
    const item = (event.target as Element).closest('[data-index]')
    const row = rows[Number(item?.getAttribute('data-index') ?? -1)]
    if (row === undefined) return
    setActiveId(row.node.id)
    // A click that ends a text selection is meant for the text.
    const isSelecting = tree.current?.ownerDocument.getSelection()?.isCollapsed === false
    if (isExpandable(row.node) && !isSelecting) toggle(row, !row.expanded)
  }

  return (
    <div class="tree-pane">
      <div class="tree-bar">
        <code class="tree-path" title={active?.node.path ?? undefined}>
          {active?.node.path ?? active?.node.label}
        </code>
        {onHistory && (
          <button
            type="button"
            class="button small"
            disabled={active?.node.keys == null}
            onClick={() => active?.node.keys && onHistory(active.node.keys)}
          >
            What changed it
          </button>
        )}
        <CopyButton
          command="copy-path"
          label="Copy path"
          text={() => active?.node.path ?? null}
          disabled={active?.node.path == null}
        />
        <CopyButton
          command="copy-value"
          label="Copy value"
          text={() => (active === undefined ? null : sourceText(partOf(active.node)))}
        />
      </div>
      <div
        ref={tree}
        class="tree"
        role="tree"
        aria-label={label}
        tabIndex={0}
        aria-activedescendant={`node-${activeIndex}`}
        onKeyDown={onKeyDown}
        onClick={onClick}
      >
        {rows.map((row, index) => (
          <TreeItem key={row.node.id} row={row} index={index} isActive={index === activeIndex} />
        ))}
      </div>
    </div>
  )
}

function TreeItem({ row, index, isActive }: { row: TreeRow; index: number; isActive: boolean }): JSX.Element {
  const { node, level, position, siblings, expanded } = row
  const expandable = isExpandable(node)
  return (
    <div
      role="treeitem"
      id={`node-${index}`}
      class="tree-item"
      data-index={index}
      aria-level={level}
      aria-posinset={position}
      aria-setsize={siblings}
      aria-expanded={expandable ? expanded : undefined}
      aria-selected={isActive}
      style={{ '--level': level - 1 }}
    >
      <span class="tree-twist">{expandable && <Icon name={expanded ? 'down' : 'right'} />}</span>
      <span class="tree-label">{node.label}</span>
      <span class="tree-value">{valueOf(node, expanded)}</span>
    </div>
  )
}

function valueOf(node: TreeNode, expanded: boolean): JSX.Element | string {
  const { value, range } = node
  const kind = kindOf(value)
  if (typeof value === 'string' && range !== null) {
    return <span class="v-string tree-text">{value.slice(range.from, range.to)}</span>
  }
  if (range !== null) return ''
  if (typeof value === 'string' && value.length > LONG_TEXT) {
    return (
      <>
        {!expanded && <span class="v-string">{summary(value)}</span>}
        <span class="tree-note">{formatCount(value.length)} characters</span>
      </>
    )
  }
  const isPlainContainer = kind === 'object' || kind === 'array'
  if (isPlainContainer && !expanded) {
    return (
      <span class="tree-preview">
        <Preview parts={preview(value, 120)} />
      </span>
    )
  }
  if (isPlainContainer) return <span class="tree-note">{kind === 'array' ? summary(value) : ''}</span>
  return (
    <>
      <span class={`v-${kind}`}>{summary(value)}</span>
      {NAMED.has(kind) && <span class="tree-note">{kind}</span>}
    </>
  )
}

/** Kinds that their text alone does not give away. */
const NAMED: ReadonlySet<string> = new Set(['date', 'regexp', 'bigint'])

function partOf({ value, range }: TreeNode): unknown {
  if (range === null) return value
  return typeof value === 'string' || Array.isArray(value) ? value.slice(range.from, range.to) : value
}
