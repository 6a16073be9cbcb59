import type { Page as PlaywrightPage } from 'playwright-core'

export type Engine = 'chromium' | 'firefox' | 'webkit'

/** What a test may ask of a tab in any engine: the part of Playwright's page that all of them have. */
export type Page = Pick<
  PlaywrightPage,
  'evaluate' | 'waitForFunction' | 'goto' | 'waitForURL' | 'addScriptTag' | 'url' | 'close'
>

/** Tabs of one browser that share one storage, and all that went wrong in them. */
export interface Tabs {
  /** What pages threw or could not load, as text. Tests end with `expect(tabs.errors).toEqual([])`. */
  readonly errors: string[]
  /** A new tab at a path of the server, or at a URL; the empty test page by default. */
  open(url?: string): Promise<Page>
  /** Runs in every page opened from now on, before anything of its own. */
  runFirst(script: string | (() => void)): Promise<void>
  /** Ends the process that a tab's page runs in. */
  crash(page: Page): Promise<void>
  /** Ends all SharedWorkers there are; answers with how many. Where the engine cannot, that of the page '/mortal'. */
  killSharedWorkers(): Promise<number>
  /** Ends the process that keeps the databases. WebKit only: elsewhere it is the browser's own. */
  crashStorage(): Promise<void>
  /** Stops all of a page, and lets it go on. Chromium only. */
  setFrozen(page: Page, frozen: boolean): Promise<void>
  /** Deletes all databases of the origin, from outside. Chromium only. */
  wipeDatabases(): Promise<void>
  /** How much the origin may store; null: what the browser gives. Before the first write. Chromium only. */
  limitStorage(bytes: number | null): Promise<void>
  /** Closes its tabs; their storage goes with them. */
  close(): Promise<void>
}

/** One browser and one server, for one test file. */
export interface Kit {
  readonly engine: Engine
  /** `Firefox 153.7.0` */
  readonly version: string
  readonly server: { readonly origin: string; readonly missing: string[] }
  /** Tabs with nothing stored yet. */
  freshTabs(origin?: string): Promise<Tabs>
  close(): Promise<void>
}
