import type { JSX } from 'preact'
import { OTHER_KEYS, PANEL_KEYS } from '../model/panel-keys.js'
import { Dialog } from './Dialog.js'

export function HelpDialog({ onClose }: { onClose(): void }): JSX.Element {
  return (
    <Dialog title="Keys" onClose={onClose} wide>
      <dl class="keys">
        {[...OTHER_KEYS, ...PANEL_KEYS].map(({ written, does }) => (
          <div key={written}>
            <dt>
              <kbd>{written}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <div class="dialog-foot dialog-actions">
        <button type="button" class="button" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  )
}
