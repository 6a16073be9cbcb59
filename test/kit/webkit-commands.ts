/** What Vitest's user events do in WebKitGTK: https://www.w3.org/TR/webdriver2/#actions */
import { parseKeyDef } from '@vitest/browser'
import type { WebDriver } from './webdriver.js'

const special: Record<string, string> = {
  Backspace: '\uE003',
  Tab: '\uE004',
  Enter: '\uE007',
  Shift: '\uE008',
  Control: '\uE009',
  Alt: '\uE00A',
  Escape: '\uE00C',
  PageUp: '\uE00E',
  PageDown: '\uE00F',
  End: '\uE010',
  Home: '\uE011',
  ArrowLeft: '\uE012',
  ArrowUp: '\uE013',
  ArrowRight: '\uE014',
  ArrowDown: '\uE015',
  Delete: '\uE017',
  Meta: '\uE03D',
}

interface Held {
  unreleased: string[]
}

const focusFrame = `const frame = document.querySelector('iframe[data-vitest="true"]')
if (document.activeElement !== frame) frame.focus()
if (arguments[0]) frame.contentWindow.focusOn(arguments[0])`

export function userEventsOf(driver: () => WebDriver) {
  const act = (actions: object[]): Promise<unknown> =>
    driver().command(driver().firstWindow, 'POST', '/actions', { actions })

  /** Clicks so often at a place; not at all: only goes there. */
  async function point(_: unknown, { x, y }: { x: number; y: number }, clicks: number): Promise<void> {
    const once = [
      { type: 'pointerDown', button: 0 },
      { type: 'pointerUp', button: 0 },
    ]
    const actions = [
      { type: 'pointerMove', x: Math.round(x), y: Math.round(y), duration: 0 },
      ...Array.from({ length: clicks }, () => once).flat(),
    ]
    await act([{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions }])
  }

  async function press(text: string, { unreleased }: Held, into: string | null): Promise<Held> {
    await driver().command(driver().firstWindow, 'POST', '/execute/sync', { script: focusFrame, args: [into] })
    const pressed = new Set(unreleased)
    const actions: object[] = []
    const release = (key: string): void => {
      actions.push({ type: 'keyUp', value: special[key] ?? key })
      pressed.delete(key)
    }
    for (const { releasePrevious, releaseSelf, repeat, keyDef } of parseKeyDef(text)) {
      const key = keyDef.key ?? ''
      if (pressed.has(key)) release(key)
      if (releasePrevious) continue
      for (let n = 0; n < repeat; n++) actions.push({ type: 'keyDown', value: special[key] ?? key })
      pressed.add(key)
      if (releaseSelf) release(key)
    }
    await act([{ type: 'key', id: 'keys', actions }])
    return { unreleased: [...pressed] }
  }

  return {
    pointAt: point,
    __vitest_keyboard: (_: unknown, text: string, held: Held) => press(text, held, null),
    __vitest_tab: (_: unknown, { shift = false } = {}) =>
      press(shift ? '{Shift>}{Tab}{/Shift}' : '{Tab}', { unreleased: [] }, null),
    __vitest_type: (_: unknown, selector: string, text: string) => press(text, { unreleased: [] }, selector),
    __vitest_cleanup: () => driver().command(driver().firstWindow, 'DELETE', '/actions'),
  }
}
