/** In the page, for Vitest's locators: where an element is, for drivers that do not find it in a frame themselves. */
import {
  getByAltTextSelector,
  getByLabelSelector,
  getByPlaceholderSelector,
  getByRoleSelector,
  getByTestIdSelector,
  getByTextSelector,
  getByTitleSelector,
  Locator,
  selectorEngine,
} from '@vitest/browser/locators'
import { page, server } from 'vitest/browser'
import { __INTERNAL } from 'vitest/internal/browser'

declare module 'vitest/internal/browser' {
  const __INTERNAL: { _createLocator: (selector: string) => Locator }
}

/** As long as a page that is busy may take. */
const SETTLED_MS = 20_000

class PlacedLocator extends Locator {
  readonly selector: string

  constructor(selector: string, container?: Element) {
    super()
    this.selector = selector
    if (container) this._container = container
  }

  override async click(): Promise<void> {
    await this.triggerCommand('pointAt', await this.#place(), 1)
  }

  override async dblClick(): Promise<void> {
    await this.triggerCommand('pointAt', await this.#place(), 2)
  }

  override async hover(): Promise<void> {
    await this.triggerCommand('pointAt', await this.#place(), 0)
  }

  override async fill(text: string): Promise<void> {
    const element = (await this.findElement()) as HTMLInputElement
    element.focus()
    element.value = text
    for (const type of ['input', 'change']) element.dispatchEvent(new Event(type, { bubbles: true }))
  }

  override async selectOptions(value: Parameters<Locator['selectOptions']>[0]): Promise<void> {
    const select = (await this.findElement()) as HTMLSelectElement
    const wanted = Array.isArray(value) ? value : [value]
    for (const option of select.options) {
      option.selected = wanted.some((one) =>
        typeof one === 'string'
          ? one === option.value || one === option.label
          : (one instanceof Locator ? one.element() : one) === option,
      )
    }
    for (const type of ['input', 'change']) select.dispatchEvent(new Event(type, { bubbles: true }))
  }

  // In the window that the driver sees, of which the test's page is a frame. Once it holds still there and nothing lies
  // over it: a driver that is told a place clicks whatever is there by then.
  async #place(): Promise<{ x: number; y: number }> {
    const until = performance.now() + SETTLED_MS
    for (let before = ''; ;) {
      const element = await this.findElement()
      element.scrollIntoView({ block: 'nearest', inline: 'nearest' })
      await new Promise(requestAnimationFrame)
      const { left, top, width, height } = element.getBoundingClientRect()
      const [x, y] = [left + width / 2, top + height / 2]
      const now = [left, top, width, height].join()
      const above = (element.getRootNode() as Document | ShadowRoot).elementFromPoint(x, y)
      if (now === before && element.contains(above)) {
        const frame = window.frameElement as HTMLElement
        const outer = frame.getBoundingClientRect()
        const scale = outer.width / frame.offsetWidth
        return { x: outer.left + x * scale, y: outer.top + y * scale }
      }
      before = now
      if (performance.now() > until) throw new Error(`${this.selector} moves, or ${above?.outerHTML} lies over it.`)
    }
  }

  override locator(selector: string): Locator {
    return new PlacedLocator(`${this.selector} >> ${selector}`, this._container)
  }

  override elementLocator(element: Element): Locator {
    return new PlacedLocator(selectorEngine.generateSelectorSimple(element), element)
  }
}

const located = (selector: string): Locator => new PlacedLocator(selector)
page.extend({
  getByLabelText: (text, options) => located(getByLabelSelector(text, options)),
  getByRole: (role, options) => located(getByRoleSelector(role, options)),
  getByTestId: (id) => located(getByTestIdSelector(server.config.browser.locators.testIdAttribute, id)),
  getByAltText: (text, options) => located(getByAltTextSelector(text, options)),
  getByPlaceholder: (text, options) => located(getByPlaceholderSelector(text, options)),
  getByText: (text, options) => located(getByTextSelector(text, options)),
  getByTitle: (text, options) => located(getByTitleSelector(text, options)),
  elementLocator: (element) => new PlacedLocator(selectorEngine.generateSelectorSimple(element), element),
})
__INTERNAL._createLocator = located
// For `type`, which names its element by a selector.
Object.assign(globalThis, { focusOn: (selector: string) => document.querySelector<HTMLElement>(selector)!.focus() })
