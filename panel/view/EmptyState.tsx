import type { JSX } from 'preact'

export type EmptyReason = 'empty' | 'searching' | 'no-match'

export function EmptyState({
  reason,
  store,
  onClearFilter,
}: {
  reason: EmptyReason
  store: string
  onClearFilter(): void
}): JSX.Element {
  if (reason === 'searching') {
    return (
      <div class="empty searching">
        <h2>Nothing so far</h2>
        <p>The search goes on.</p>
      </div>
    )
  }
  if (reason === 'no-match') {
    return (
      <div class="empty">
        <h2>Nothing matches this filter</h2>
        <p>Events that match will show up here as they are recorded.</p>
        <button type="button" class="button" onClick={onClearFilter}>
          Clear filter
        </button>
      </div>
    )
  }
  return (
    <div class="empty">
      <h2>Connected, and no events yet</h2>
      <p>Record one, from any tab of this app, and it shows up here:</p>
      <pre tabIndex={0}>
        <code>{`const store = await openStore(${JSON.stringify(store)})\nstore.topic('cart').record('added', { sku: 'A-1' })`}</code>
      </pre>
    </div>
  )
}
