import { render } from 'preact'
import panelStyle from '../panel/panel.css?inline'
import ownStyle from './inspected.css?inline'
import { evaluatedTab } from './evaluated-tab.js'
import { inspectedTab } from './inspected-tab.js'
import { Inspected } from './view/Inspected.js'

// No shadow root: DevTools pass keys on by looking at the document's active element.
const sheets = [panelStyle, ownStyle].map((style) => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(style)
  return sheet
})
document.adoptedStyleSheets = sheets

const THEMES = { default: 'light', light: 'light', dark: 'dark' } as const

function show(name: string): void {
  const theme = Object.hasOwn(THEMES, name) ? THEMES[name as keyof typeof THEMES] : 'auto'
  render(<Inspected tab={tab} theme={theme} />, document.getElementById('panel')!)
}

// Firefox gives a panel nothing but its own devtools interfaces.
const tab = chrome.scripting === undefined ? evaluatedTab() : inspectedTab()
const { panels } = chrome.devtools
panels.setThemeChangeHandler?.(show)
show(panels.themeName)
