const ANCHOR = /^#[\w/.-]{1,64}$/

/**
 * An address without what may be secret: no query, no user and password, and of the fragment only what looks like
 * an anchor. Other origins keep origin and path.
 */
export function address(url: string, here: string): string {
  let parsed: URL
  let base: URL
  try {
    base = new URL(here)
    parsed = new URL(url, base)
  } catch {
    return 'unreadable'
  }
  if (parsed.protocol === 'data:' || parsed.protocol === 'blob:') return parsed.protocol
  const hash = ANCHOR.test(parsed.hash) ? parsed.hash : ''
  const origin = parsed.origin === base.origin ? '' : parsed.origin === 'null' ? parsed.protocol : parsed.origin
  const path = parsed.pathname.length > 200 ? `${parsed.pathname.slice(0, 199)}…` : parsed.pathname
  return `${origin}${path}${hash}`
}
