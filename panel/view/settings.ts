import type { MenuItem } from './Menu.js'

export const THEMES = ['light', 'dark'] as const
type Theme = (typeof THEMES)[number] | null

export interface Settings {
  /** Null: as the page is. */
  theme: Theme
  setTheme(theme: Theme): void
  store: string
  /** Null: the source only reads. */
  compact: (() => void) | null
}

export function settingsOf({ theme, setTheme, store, compact }: Settings): MenuItem[] {
  const themes: [label: string, own: Theme][] = [
    ['As the page is', null],
    ['Light', 'light'],
    ['Dark', 'dark'],
  ]
  return [
    ...themes.map(([label, own]) => ({ label, isChosen: theme === own, onChoose: () => setTheme(own) })),
    ...(compact === null ? [] : [{ label: `Compact ${store}…`, onChoose: compact }]),
  ]
}
