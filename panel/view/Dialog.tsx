import type { ComponentChildren, JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

export interface DialogProps {
  title: string
  wide?: boolean
  children: ComponentChildren
  onClose(): void
}

/** Modal while it is mounted. */
export function Dialog({ title, wide = false, children, onClose }: DialogProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    dialog.current?.showModal()
    // What gets the focus may lie far down.
    dialog.current?.scrollTo(0, 0)
  }, [])
  return (
    <dialog ref={dialog} class="dialog" data-wide={wide} aria-labelledby="dialog-title" onClose={onClose}>
      <h2 id="dialog-title">{title}</h2>
      {children}
    </dialog>
  )
}
