/** @import { Engine } from './tabs.js' */

/**
 * Tests that an engine cannot run: all of a file, or those whose names hold some words.
 * @typedef {{ file: string, tests?: RegExp, why: string }} Reason
 */

const onlyChromium = [
  {
    file: 'test/tabs/soak.test.ts',
    why: 'renderers, workers and disks are broken through the DevTools protocol; each fault has tests of its own',
  },
  {
    file: 'test/tabs/start-page.test.ts',
    why: 'written for Chromium: long tasks and downloads; the panel on it has its tests in this engine',
  },
  {
    file: 'test/tabs/faults-quota.test.ts',
    why: 'how much an origin may store is changed through the DevTools protocol',
  },
  {
    file: 'test/tabs/faults-lost.test.ts',
    tests: /a database wiped/,
    why: 'databases are deleted from outside through the DevTools protocol',
  },
  {
    file: 'test/tabs/frozen.test.ts',
    tests: /that was frozen/,
    why: 'a page is frozen through the DevTools protocol, and in Chromium only',
  },
]

const realFingers = {
  file: 'test/browser/panel-gestures.test.tsx',
  tests: /with real fingers/,
  why: 'fingers are put on the screen through the DevTools protocol',
}

const ownStorage = {
  file: 'test/tabs/connection-lost.test.ts',
  why: "databases are kept by the browser's own process: it does not die alone",
}

const onlyFirefox = {
  file: 'test/tabs/private-windows.test.ts',
  why: 'about what Firefox calls so: here every test has a private profile of its own',
}

const longTasks = {
  file: 'test/browser/start-recorders.test.ts',
  tests: /a long task/,
  why: 'the engine does not tell pages of long tasks',
}

const stuckTransaction =
  'a worker that closes itself among its transactions leaves one open now and then, and the database is kept from all until the page goes (WebKitGTK 2.50): ours never does'

/** @type {Record<Engine, Reason[]>} */
const unable = {
  chromium: [ownStorage, onlyFirefox],
  firefox: [
    ...onlyChromium,
    ownStorage,
    longTasks,
    realFingers,
    {
      file: 'test/tabs/frozen.test.ts',
      tests: /back\/forward cache/,
      why: 'Firefox keeps no page that holds a Web Lock: the tab is loaded anew, as after any navigation',
    },
  ],
  webkit: [
    ...onlyChromium,
    onlyFirefox,
    longTasks,
    realFingers,
    {
      file: 'test/browser/start-recorders.test.ts',
      tests: /a move within the page|a resource is told/,
      why: 'the engine tells neither how a page came to a hash nor the status of a resource',
    },
    {
      file: 'test/contract/export-import.test.ts',
      tests: /IndexedDB.* what has no text form/,
      why: 'it stores no Blob, as Safari does not in private windows: that the event is refused has a test of tabs',
    },
    { file: 'test/tabs/hosts.test.ts', tests: /killed again/, why: stuckTransaction },
    {
      file: 'test/tabs/hosts.test.ts',
      tests: /on host leader the first tab navigated/,
      why: 'a page that is kept for the back button keeps the transactions of its worker open, also of one that was ended (WebKitGTK 2.50)',
    },
    { file: 'test/tabs/counters.test.ts', tests: /killed again/, why: stuckTransaction },
    { file: 'test/tabs/fallback.test.ts', tests: /keeps closing itself/, why: stuckTransaction },
    {
      file: 'test/tabs/fallback.test.ts',
      tests: /no SharedWorker, the elected tab's worker is replaced/,
      why: 'WebDriver waits for a tab that stands still, and speaks to no other meanwhile',
    },
  ],
}

/**
 * Null for a test that the engine runs.
 * @param {Engine} engine
 * @param {string} file
 * @param {string} test its whole name
 * @returns {Reason | null}
 */
export function whyUnable(engine, file, test) {
  return unable[engine].find((one) => file.endsWith(one.file) && (one.tests?.test(test) ?? true)) ?? null
}

/**
 * Reasons that no test has any more.
 * @param {Engine} engine
 * @param {Set<Reason>} used
 */
export function reasonsBesides(engine, used) {
  return unable[engine].filter((reason) => !used.has(reason))
}
