import { commandOf } from '../model/panel-keys.js'

const TYPED_INTO = 'input:not([type=radio]):not([type=range]), textarea, select'

/** A key presses the control on screen that carries its command; where there is none, it does nothing. */
export function onPanelKey(event: KeyboardEvent & { currentTarget: HTMLElement }, grid: HTMLElement | null): void {
  const { currentTarget: panel, key } = event
  const target = event.composedPath()[0]
  if (!(target instanceof Element) || target.closest('dialog') !== null || target.matches(TYPED_INTO)) return
  // What a control does with Space is its own.
  if (key === ' ' && target.matches('button, a, input')) return
  const command = commandOf(event)
  if (command !== null) press(panel, command, event)
  else if (isRowKey(event) && grid !== null && target !== grid) {
    event.preventDefault()
    grid.focus()
    grid.dispatchEvent(new KeyboardEvent('keydown', { key, cancelable: true }))
  }
}

function press(panel: HTMLElement, command: string, event: KeyboardEvent): void {
  const control = panel.querySelector<HTMLElement>(`[data-command="${command}"]:not(:disabled)`)
  if (control === null) return
  event.preventDefault()
  if (control instanceof HTMLInputElement) {
    control.focus()
    control.select()
  } else control.click()
}

function isRowKey({ key, ctrlKey, metaKey, altKey, defaultPrevented }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey || defaultPrevented) return false
  return key === 'j' || key === 'k' || key === 'ArrowDown' || key === 'ArrowUp'
}
