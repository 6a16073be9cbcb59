/** The manifest, from one source for both browsers. */
import { readFileSync } from 'node:fs'

/** @typedef {'chromium' | 'firefox'} BrowserKind */

const { version, description } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const sizes = [16, 32, 48, 128]

// No background script: what idles is stopped, and a panel must work after ten idle minutes.
const shared = {
  manifest_version: 3,
  name: 'tabscribe',
  version,
  description,
  icons: Object.fromEntries(sizes.map((size) => [size, `icons/${size}.png`])),
  devtools_page: 'devtools.html',
}

/** @type {Record<BrowserKind, object>} */
const own = {
  // Typed arrays pass as they are where the browser knows how, and as text where it does not.
  chromium: {
    minimum_chrome_version: '116',
    message_serialization: 'structured_clone',
    permissions: ['scripting'],
    host_permissions: ['http://localhost/*', 'https://localhost/*', 'http://127.0.0.1/*', 'https://127.0.0.1/*'],
    optional_host_permissions: ['http://*/*', 'https://*/*'],
  },
  // A panel evaluates code in the page it was opened for, and needs no permission to.
  firefox: {
    browser_specific_settings: {
      gecko: {
        id: 'panel@tabscribe.dev',
        strict_min_version: '142.0',
        data_collection_permissions: { required: ['none'] },
      },
    },
  },
}

/**
 * @param {BrowserKind} browser
 * @returns {object}
 */
export function manifestFor(browser) {
  return { ...shared, ...own[browser] }
}
